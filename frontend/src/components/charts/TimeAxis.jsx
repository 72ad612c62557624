import { formatMoment } from "../../lib/format.js";
import { words } from "../../words.js";
import classes from "./Charts.module.css";

/** @import { Statistics } from "../../api/types.js" */

/**
 * From when to when a chart reaches.
 *
 * @param {object} props
 * @param {Statistics} props.statistics
 */
export function TimeAxis({ statistics: { period, points } }) {
  return (
    <div className={classes.axis} aria-hidden="true">
      <span>{formatMoment(points[0].at, period)}</span>
      <span>{formatMoment(points[Math.floor(points.length / 2)].at, period)}</span>
      <span>{words.charts.now}</span>
    </div>
  );
}
