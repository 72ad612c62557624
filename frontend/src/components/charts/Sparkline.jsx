import { words } from "../../words.js";
import classes from "./Charts.module.css";
import { bars, HEIGHT } from "./shape.js";

/** So that a single call doesn't look like a storm. */
const LEAST_TOP = 4;

/**
 * Calls a minute at a glance, those that failed in red.
 *
 * @param {object} props
 * @param {readonly number[]} props.calls with the failures, oldest first
 * @param {readonly number[]} props.failures
 */
export function Sparkline({ calls, failures }) {
  const most = Math.max(...calls, 0);
  const top = Math.max(most, LEAST_TOP);
  return (
    <svg
      className={classes.sparkline}
      viewBox={`0 0 ${calls.length} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={words.charts.lastHour(sum(calls), sum(failures), most)}
    >
      <path className={classes.ground} d={`M0 ${HEIGHT - 1}h${calls.length}`} />
      <path className={classes.calls} d={bars(calls, top)} />
      <path className={classes.failures} d={bars(failures, top)} />
    </svg>
  );
}

/** @param {readonly number[]} values */
const sum = (values) => values.reduce((all, one) => all + one, 0);
