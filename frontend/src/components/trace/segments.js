/**
 * @import { Trace } from "../../api/types.js"
 *
 * @typedef {{name: string, ms: number}} Segment
 */

/**
 * The parts that a call's time is made of, in the order in which they come; what took none is left out.
 *
 * @param {Trace} trace
 * @returns {Segment[]}
 */
export function segmentsOf({ queueMs, overheadMs, steps }) {
  const all = [
    { name: "queue", ms: queueMs },
    ...steps.map(({ step, ms }) => ({ name: step, ms })),
    { name: "overhead", ms: overheadMs },
  ];
  return all.filter(({ ms }) => ms > 0);
}
