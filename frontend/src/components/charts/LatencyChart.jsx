import { formatDuration, formatMoment } from "../../lib/format.js";
import { words } from "../../words.js";
import classes from "./Charts.module.css";
import { FiguresTable } from "./FiguresTable.jsx";
import { bands, HEIGHT, levels, logarithmic } from "./shape.js";
import { TimeAxis } from "./TimeAxis.jsx";

/** @import { Latency, Statistics } from "../../api/types.js" */

const text = words.charts;
/** As a call goes through them. */
const ORDER = ["queue", "input", "pre-processing", "model", "post-processing", "output"];

/**
 * How long answered calls took over a period, as a whole and in each step: the stroke is what half of them took at
 * most, the band reaches up to what 99 of 100 did. All rows have the same scale.
 *
 * @param {object} props
 * @param {Statistics} props.statistics
 */
export function LatencyChart({ statistics }) {
  const { period, points, totals } = statistics;
  const steps = ORDER.filter((step) => totals.steps[step]);
  const all = points.flatMap((point) => [point, ...Object.values(point.steps)]);
  const axis = logarithmic(all.flatMap(({ p50Ms, p99Ms }) => [p50Ms, p99Ms]));
  return (
    <figure className={classes.chart}>
      <figcaption className={classes.head}>
        <span className={classes.title}>{text.latency}</span>
        <span className={classes.legend}>
          <span data-series="p50">{text.p50Legend}</span>
          <span data-series="p99">{text.p99Legend}</span>
        </span>
      </figcaption>
      {totals.p50Ms === null ? (
        <p className={classes.none}>{text.noAnswers[period]}</p>
      ) : (
        <>
          <table className={classes.rows}>
            <caption className={classes.unseen}>{text.latencyAlternative(period)}</caption>
            <thead>
              <tr>
                <th scope="col">{text.stepHead}</th>
                <td>
                  <TimeAxis statistics={statistics} />
                </td>
                <th scope="col">{text.p50}</th>
                <th scope="col">{text.p99}</th>
              </tr>
            </thead>
            <tbody>
              <Row title={text.whole} series={points} total={totals} axis={axis} isTall />
              {steps.map((step) => (
                <Row
                  key={step}
                  title={text.step(step)}
                  series={points.map((point) => point.steps[step])}
                  total={totals.steps[step]}
                  axis={axis}
                />
              ))}
            </tbody>
          </table>
          <FiguresTable
            caption={text.latency}
            head={[text.time, ...["", ...steps].flatMap((step) => headsOf(step))]}
            rows={points
              .filter((point) => point.p50Ms !== null)
              .map((point) => ({
                key: point.at,
                cells: [
                  formatMoment(point.at, period),
                  ...[point, ...steps.map((step) => point.steps[step])].flatMap(figures),
                ],
              }))}
          />
        </>
      )}
    </figure>
  );
}

/**
 * @param {object} props
 * @param {string} props.title
 * @param {(Latency | undefined)[]} props.series
 * @param {Latency} props.total
 * @param {{scale: (value: number) => number, marks: number[]}} props.axis
 * @param {boolean} [props.isTall]
 */
function Row({ title, series, total, axis: { scale, marks }, isTall = false }) {
  const p50 = series.map((latency) => latency?.p50Ms ?? null);
  const p99 = series.map((latency) => latency?.p99Ms ?? null);
  const [p50Total, p99Total] = figures(total);
  return (
    <tr data-tall={isTall}>
      <th scope="row">{title}</th>
      <td className={classes.cell}>
        <svg viewBox={`0 0 ${series.length} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          <path
            className={classes.ground}
            d={marks.map((mark) => `M0 ${HEIGHT * (1 - scale(mark))}h${series.length}`).join("")}
          />
          <path className={classes.band} d={bands(p50, p99, scale)} />
          <path className={classes.level} d={levels(p50, scale)} />
        </svg>
        {isTall && (
          <>
            <span className={classes.most} aria-hidden="true">
              {formatMark(marks[marks.length - 1])}
            </span>
            <span className={classes.least} aria-hidden="true">
              {formatMark(marks[0])}
            </span>
          </>
        )}
      </td>
      <td>{p50Total}</td>
      <td>{p99Total}</td>
    </tr>
  );
}

/** @param {string} step empty for the whole call */
function headsOf(step) {
  const name = step ? text.step(step) : text.whole;
  return [text.figureHead(name, text.p50), text.figureHead(name, text.p99)];
}

/** @param {Latency | undefined} latency */
function figures(latency) {
  return [latency?.p50Ms, latency?.p99Ms].map((ms) => (ms == null ? words.common.none : formatDuration(ms)));
}

/** @param {number} ms a power of ten */
const formatMark = (ms) => (ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`);
