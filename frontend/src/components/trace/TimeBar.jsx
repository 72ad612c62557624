import { formatDuration, formatPart } from "../../lib/format.js";
import { stepWord } from "../../lib/stepWord.js";
import { words } from "../../words.js";
import classes from "./TimeBar.module.css";

/** @import { Segment } from "./segments.js" */

/**
 * Where a call's time went: one bar in proportion, and its figures.
 *
 * @param {object} props
 * @param {Segment[]} props.segments
 * @param {number} props.totalMs
 * @param {string} [props.failed] the part that failed
 */
export function TimeBar({ segments, totalMs, failed }) {
  return (
    <div>
      <div className={classes.bar} aria-hidden="true">
        {segments.map(({ name, ms }) => (
          <span
            key={name}
            className={classes.part}
            data-part={name}
            data-failed={name === failed}
            style={{ flexGrow: ms }}
          />
        ))}
      </div>
      <ul className={classes.times} aria-label={words.run.times}>
        {segments.map(({ name, ms }) => (
          <li key={name}>
            <span
              className={classes.swatch}
              data-part={name}
              data-failed={name === failed}
              aria-hidden="true"
            />
            <span className={classes.name}>{stepWord(name)}</span> <b>{formatDuration(ms)}</b>{" "}
            <span className={classes.name}>{formatPart(ms / totalMs)}</span>
            {name === failed && <span className={classes.failed}> {words.trace.failed}</span>}
          </li>
        ))}
        <li>
          <span className={classes.name}>{words.trace.total}</span> <b>{formatDuration(totalMs)}</b>
        </li>
      </ul>
    </div>
  );
}
