import { words } from "../../words.js";
import classes from "./FailingScript.module.css";

/** @import { Frame, Problem } from "../../api/types.js" */
/** @import { RenderScript } from "./Xray.jsx" */

/**
 * Where in the scripts a run failed: the innermost place first, then those that it was called from.
 *
 * @param {object} props
 * @param {Problem} props.problem
 * @param {Frame[]} props.frames
 * @param {RenderScript} [props.renderScript] shows the script itself instead of its innermost place
 * @param {() => void} [props.onRepaired]
 */
export function FailingScript({ problem, frames, renderScript, onRepaired = () => {} }) {
  const places = frames.length > 0 ? frames.toReversed() : placeOf(problem);
  if (places.length === 0) return null;
  const [innermost, ...callers] = places;
  const message = problem.exception ?? problem.detail;
  const place = <Place frame={innermost} message={message} />;
  return (
    <div className={classes.script}>
      {renderScript
        ? renderScript({ script: innermost.script, line: innermost.line, message, place, onRepaired })
        : place}
      {callers.length > 0 && (
        <details>
          <summary className={classes.summary}>{words.trace.calledFrom(callers.length)}</summary>
          {callers.map((frame, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a recursion has the same place many times.
            <Place key={index} frame={frame} />
          ))}
        </details>
      )}
    </div>
  );
}

/**
 * A few lines of a script, one of them marked.
 *
 * @param {object} props
 * @param {Frame} props.frame
 * @param {string} [props.message] said beside the marked line
 */
function Place({ frame: { script, line, function: name, source }, message }) {
  return (
    <figure className={classes.place}>
      <figcaption>
        {words.trace.place(script, line)}
        {name && words.trace.inFunction(name)}
      </figcaption>
      {source.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        <pre className={classes.source} tabIndex={0}>
          {source.map((at) => (
            <span key={at.line} className={classes.line} data-marked={at.line === line}>
              <span className={classes.number}>{at.line}</span>
              <span>
                {at.line === line ? <mark>{at.text}</mark> : at.text}
                {at.line === line && message && <strong className={classes.message}>{message}</strong>}
              </span>
            </span>
          ))}
        </pre>
      )}
    </figure>
  );
}

/**
 * @param {Problem} problem
 * @returns {Frame[]} what it says itself of the place, where there are no frames
 */
function placeOf({ script, line, lineText }) {
  if (!script || !line) return [];
  return [{ script, line, source: lineText ? [{ line, text: lineText }] : [] }];
}
