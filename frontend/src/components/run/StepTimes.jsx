import { formatDuration } from "../../lib/format.js";
import { words } from "../../words.js";
import classes from "./StepTimes.module.css";

/** @import { Timing } from "../../lib/serverTiming.js" */

/**
 * How long each step of one run took.
 *
 * @param {object} props
 * @param {Timing[]} props.timings
 */
export function StepTimes({ timings }) {
  if (timings.length === 0) return null;
  return (
    <ul className={classes.times} aria-label={words.run.times}>
      {timings.map(({ name, durationMs }) => (
        <li key={name}>
          <span className={classes.step}>{stepTitle(name)}</span> {formatDuration(durationMs)}
        </li>
      ))}
    </ul>
  );
}

/**
 * @param {string} name
 * @returns {string}
 */
function stepTitle(name) {
  const known = /** @type {Record<string, unknown>} */ (words.steps)[name];
  return typeof known === "string" ? known : name;
}
