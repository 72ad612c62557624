import { ApiError } from "../../../api/errors.js";
import { usePredictOneOfMany } from "../../../api/predictions.js";
import { useSystem } from "../../../api/session.js";
import { formatBytes, formatLimit } from "../../../lib/format.js";
import { useQueue } from "../../../lib/useQueue.js";
import { words } from "../../../words.js";

/** Enough to keep workers busy, few enough to leave room for other callers. */
const AT_ONCE = 3;

/**
 * What a batch runs on.
 *
 * @typedef {object} Target
 * @property {import("../../../api/predictions.js").Runnable} kind
 * @property {string} name
 */

/** @typedef {{target: Target, file: File}} BatchLoad */
/** @typedef {import("../../../api/predictions.js").Answer} Answer */
/** @typedef {import("../../../lib/WorkQueue.js").Item<BatchLoad, Answer>} BatchItem */
/** @typedef {import("../../../lib/WorkQueue.js").WorkQueue<BatchLoad, Answer>} BatchQueue */

/** The files of a batch, each with its answer or its failure. */
export function useBatch() {
  const predict = usePredictOneOfMany();
  const limitBytes = useSystem().data?.maxBodyBytes ?? Number.POSITIVE_INFINITY;
  return useQueue(async (/** @type {BatchLoad} */ { target, file }, { signal }) => {
    if (file.size > limitBytes) {
      const detail = words.files.tooLarge(formatBytes(file.size), formatLimit(limitBytes));
      throw new ApiError(413, { code: "too-large", detail });
    }
    return predict.mutateAsync({ ...target, body: file, signal });
  }, AT_ONCE);
}
