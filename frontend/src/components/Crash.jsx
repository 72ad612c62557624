import { Component } from "react";
import { words } from "../words.js";
import { ErrorState } from "./ErrorState.jsx";

/**
 * Shows an error of the page's own in place of the part that had it.
 *
 * @extends {Component<{children: React.ReactNode}, {error: unknown}>}
 */
export class Crash extends Component {
  /** @type {{error: unknown}} */
  state = { error: null };

  /** @param {unknown} error */
  static getDerivedStateFromError(error) {
    return { error };
  }

  render() {
    if (this.state.error === null) return this.props.children;
    return (
      <ErrorState
        error={this.state.error}
        onRetry={() => window.location.reload()}
        retryLabel={words.errors.reload}
      />
    );
  }
}
