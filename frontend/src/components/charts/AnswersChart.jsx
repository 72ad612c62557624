import { formatCount, formatMoment } from "../../lib/format.js";
import { words } from "../../words.js";
import classes from "./Charts.module.css";
import { FiguresTable } from "./FiguresTable.jsx";
import { bars, HEIGHT, roundTop } from "./shape.js";
import { TimeAxis } from "./TimeAxis.jsx";

/** @import { Statistics } from "../../api/types.js" */

const text = words.charts;

/**
 * How many calls there were over a period and how many failed, and in which step.
 *
 * @param {object} props
 * @param {Statistics} props.statistics
 */
export function AnswersChart({ statistics }) {
  const { period, points, totals } = statistics;
  const calls = points.map((point) => point.calls);
  const failures = points.map((point) => point.failures);
  const top = roundTop(Math.max(...calls));
  return (
    <figure className={classes.chart}>
      <figcaption className={classes.head}>
        <span className={classes.title}>{text.answers}</span>
        <span className={classes.legend}>
          <span data-series="calls">{text.calls(totals.calls)}</span>
          <span data-series={totals.failures ? "failures" : undefined}>{text.failures(totals.failures)}</span>
        </span>
      </figcaption>
      {totals.calls === 0 ? (
        <p className={classes.none}>{text.noCalls[period]}</p>
      ) : (
        <>
          <div className={classes.plot}>
            <span className={classes.top} aria-hidden="true">
              {formatCount(top)}
            </span>
            <svg
              className={classes.tall}
              viewBox={`0 0 ${points.length} ${HEIGHT}`}
              preserveAspectRatio="none"
              role="img"
              aria-label={text.answersAlternative(
                period,
                totals.calls,
                totals.failures,
                failedIn(totals.failedSteps),
              )}
            >
              <path className={classes.ground} d={`M0 0h${points.length}M0 ${HEIGHT}h${points.length}`} />
              <path className={classes.calls} d={bars(calls, top)} />
              <path className={classes.failures} d={bars(failures, top)} />
              {points.map((point, i) => (
                <rect key={point.at} className={classes.reach} x={i} width={1} height={HEIGHT}>
                  <title>{text.point(formatMoment(point.at, period), point.calls, point.failures)}</title>
                </rect>
              ))}
            </svg>
          </div>
          <TimeAxis statistics={statistics} />
          {totals.failures > 0 && (
            <p className={classes.note}>{text.failedIn(failedIn(totals.failedSteps))}</p>
          )}
          <FiguresTable
            caption={text.answers}
            head={[text.time, text.callsHead, text.failuresHead, text.failedInHead]}
            rows={points
              .filter((point) => point.calls > 0)
              .map((point) => ({
                key: point.at,
                cells: [
                  formatMoment(point.at, period),
                  formatCount(point.calls),
                  formatCount(point.failures),
                  failedIn(point.failedSteps).join(", "),
                ],
              }))}
          />
        </>
      )}
    </figure>
  );
}

/**
 * @param {Record<string, number>} failedSteps
 * @returns {string[]} the worst first, e.g. `Model: 3`
 */
function failedIn(failedSteps) {
  return Object.entries(failedSteps)
    .sort(([, one], [, other]) => other - one)
    .map(([step, times]) => text.stepFailures(text.step(step), times));
}
