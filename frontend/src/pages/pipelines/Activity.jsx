import { Sparkline } from "../../components/charts/Sparkline.jsx";
import { Time } from "../../components/Time.jsx";
import { formatCount, formatDuration } from "../../lib/format.js";
import { words } from "../../words.js";
import classes from "./Activity.module.css";

/** @import { LastHour } from "../../api/types.js" */

const text = words.pipelines;

/**
 * How a pipeline's last hour went, on a card; nothing until that is known.
 *
 * @param {object} props
 * @param {LastHour | null | undefined} props.lastHour null where it was never called
 */
export function Activity({ lastHour }) {
  if (lastHour === undefined) return null;
  return (
    <div className={classes.activity}>
      {lastHour?.calls ? (
        <>
          <Sparkline calls={lastHour.callsPerMinute} failures={lastHour.failuresPerMinute} />
          <Figures lastHour={lastHour} />
        </>
      ) : lastHour ? (
        <>
          {text.lastCall} <Time at={lastHour.lastAt} />
        </>
      ) : (
        text.neverCalled
      )}
    </div>
  );
}

/**
 * @param {object} props
 * @param {LastHour} props.lastHour
 */
function Figures({ lastHour: { calls, failures, p50Ms, p99Ms } }) {
  return (
    <div className={classes.figures}>
      <span>{text.calls(formatCount(calls), calls)}</span>
      {failures > 0 && (
        <span className={classes.failures}>{text.failures(formatCount(failures), failures)}</span>
      )}
      {p50Ms !== null && <span>{text.p50(formatDuration(p50Ms))}</span>}
      {p99Ms !== null && <span>{text.p99(formatDuration(p99Ms))}</span>}
    </div>
  );
}
