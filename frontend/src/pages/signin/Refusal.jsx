import { ApiError } from "../../api/errors.js";
import { Notice } from "../../components/Notice.jsx";
import { words } from "../../words.js";

const text = words.signIn;

/**
 * Why one isn't signed in; after too many attempts, how long to wait.
 *
 * @param {object} props
 * @param {unknown} props.error
 * @param {number} props.waitS by `useWait`
 */
export function Refusal({ error, waitS }) {
  if (!error) return null;
  if (!(error instanceof ApiError)) {
    return (
      <Notice tone="error" title={text.refused}>
        {words.errors.crashed}
      </Notice>
    );
  }
  if (error.status !== 429) {
    return (
      <Notice tone="error" title={text.refused}>
        {error.message}
      </Notice>
    );
  }
  return (
    <Notice tone="error" title={text.tooOften}>
      {/* It counts down: said once, by the alert that it stands in. The server's message has a time that doesn't. */}
      <div role="timer" aria-live="off" data-figures="true">
        {waitS > 0 ? text.wait(waitS) : text.waited}
      </div>
    </Notice>
  );
}
