import { lazy, Suspense } from "react";
import { Crash } from "../Crash.jsx";
import { SourceView } from "../SourceView.jsx";
import classes from "./Code.module.css";

/** @import { ScriptProblem } from "../../api/types.js" */

const CodeMirror = lazy(() => import("./CodeMirror.jsx"));

/**
 * @typedef {object} CodeHandle
 * @property {(line?: number | null, column?: number | null) => void} goTo puts the cursor there
 *
 * @typedef {object} CodeProps
 * @property {string} name of the file: its ending tells the language
 * @property {string} label accessible name
 * @property {string} [describedBy] id of what explains the keys
 * @property {string} text
 * @property {(text: string) => void} [onChange] without it, it can't be written
 * @property {() => void} [onSave] on Ctrl+S
 * @property {readonly ScriptProblem[]} [problems]
 * @property {number} [line] one that failed
 * @property {string} [message] stands beside it
 * @property {readonly number[]} [marked] lines that something is said about elsewhere
 * @property {React.Ref<CodeHandle>} [ref]
 */

/**
 * Source with line numbers and colours, to read or to write; plain until the editor is loaded.
 *
 * @param {CodeProps & {compact?: boolean}} props
 */
export function Code({ compact = false, ...props }) {
  return (
    <div className={classes.code} data-compact={compact} data-writing={Boolean(props.onChange)}>
      <Crash>
        <Suspense
          fallback={
            <SourceView label={props.label} text={props.text} marked={props.line ? [props.line] : []} />
          }
        >
          <CodeMirror {...props} />
        </Suspense>
      </Crash>
    </div>
  );
}
