import { ApiError } from "../../api/errors.js";
import { formatDuration } from "../../lib/format.js";

/** @import { Trace } from "../../api/types.js" */
/** @import { Run } from "./useRuns.js" */

/**
 * @param {Run} run
 * @returns {Trace | null}
 */
export function traceOf({ answer, error }) {
  if (answer) return answer.trace;
  return error instanceof ApiError ? (error.details.trace ?? null) : null;
}

/**
 * @param {Run} run
 * @returns {string} how long it took, where that is known
 */
export function totalOf(run) {
  const trace = traceOf(run);
  return trace ? formatDuration(trace.totalMs) : "";
}
