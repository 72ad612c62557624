import { useId } from "react";
import { formatDuration } from "../../lib/format.js";
import { stepWord } from "../../lib/stepWord.js";
import { words } from "../../words.js";
import { Time } from "../Time.jsx";
import { segmentsOf } from "../trace/segments.js";
import classes from "./Comparison.module.css";
import { traceOf } from "./outcome.js";

/** @import { Run } from "./useRuns.js" */

/**
 * Two runs beside each other: whether they answered the same, and each part's time.
 *
 * @param {object} props
 * @param {Run} props.run
 * @param {Run} props.other
 */
export function Comparison({ run, other }) {
  const id = useId();
  const [here, there] = [run, other].map(timesOf);
  const parts = [...new Set([...here.keys(), ...there.keys()])];
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className={classes.title}>
        {words.run.comparison}
      </h3>
      <p className={classes.verdict}>{verdict(run, other)}</p>
      {parts.length > 0 && (
        <table className={classes.times}>
          <thead>
            <tr>
              <th scope="col">{words.run.part}</th>
              <th scope="col">{words.run.shown}</th>
              <th scope="col">
                {other.input.label}, <Time at={other.at} />
              </th>
            </tr>
          </thead>
          <tbody>
            {parts.map((part) => (
              <tr key={part}>
                <th scope="row">{part === "total" ? words.trace.total : stepWord(part)}</th>
                <td>{timeOf(here, part)}</td>
                <td>{timeOf(there, part)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/**
 * @param {Run} run
 * @param {Run} other
 * @returns {string}
 */
function verdict(run, other) {
  if (run.answer && other.answer) {
    return run.answer.text === other.answer.text ? words.run.sameAnswer : words.run.otherAnswer;
  }
  if (!run.answer && !other.answer) return words.run.bothFailed;
  return run.answer ? words.run.otherFailed : words.run.thisFailed;
}

/**
 * @param {Run} run
 * @returns {Map<string, number>} milliseconds by part
 */
function timesOf(run) {
  const trace = traceOf(run);
  if (!trace) return new Map();
  return new Map([
    ...segmentsOf(trace).map(({ name, ms }) => /** @type {const} */ ([name, ms])),
    ["total", trace.totalMs],
  ]);
}

/**
 * @param {Map<string, number>} times
 * @param {string} part
 * @returns {string}
 */
function timeOf(times, part) {
  const ms = times.get(part);
  return ms === undefined ? "" : formatDuration(ms);
}
