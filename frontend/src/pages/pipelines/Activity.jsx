import { formatCount, formatDuration } from "../../lib/format.js";
import { words } from "../../words.js";
import classes from "./Activity.module.css";

/** @import { Statistics } from "./ways.js" */

const text = words.pipelines;

/**
 * How a pipeline's last hour went, on a card; nothing until that is known.
 *
 * @param {object} props
 * @param {Statistics | null | undefined} props.statistics
 */
export function Activity({ statistics }) {
  if (statistics === undefined) return null;
  return (
    <div className={classes.activity}>
      <span>
        {statistics?.calls ? text.calls(formatCount(statistics.calls), statistics.calls) : text.noCalls}
      </span>
      {statistics?.failures ? (
        <span className={classes.failures}>
          {text.failures(formatCount(statistics.failures), statistics.failures)}
        </span>
      ) : null}
      {statistics?.p50Ms != null && <span>{text.p50(formatDuration(statistics.p50Ms))}</span>}
      {statistics?.p99Ms != null && <span>{text.p99(formatDuration(statistics.p99Ms))}</span>}
    </div>
  );
}
