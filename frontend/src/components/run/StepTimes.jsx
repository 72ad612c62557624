import { formatDuration } from "../../lib/format.js";
import { stepWord } from "../../lib/stepWord.js";
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
          <span className={classes.step}>{stepWord(name)}</span> {formatDuration(durationMs)}
        </li>
      ))}
    </ul>
  );
}
