import { ApiError } from "../../api/errors.js";
import { useSystem } from "../../api/session.js";
import { formatBytes, formatLimit } from "../../lib/format.js";
import { useQueue } from "../../lib/useQueue.js";
import { words } from "../../words.js";

/** Two, so that the line is in use while the server looks at what came. */
const AT_ONCE = 2;

/**
 * What is sent as one thing, with what its form asks for.
 *
 * @typedef {object} UploadLoad
 * @property {readonly File[]} files the first gives it its name
 */

/**
 * @template {UploadLoad} L
 * @typedef {object} Uploads
 * @property {readonly import("../../lib/WorkQueue.js").Item<L, {name: string}>[]} items
 * @property {import("../../lib/WorkQueue.js").WorkQueue<L, {name: string}>} queue
 * @property {boolean} busy
 */

/**
 * Uploads of several things, each with its own progress and its own failure.
 *
 * @template {UploadLoad} L
 * @param {import("../../lib/WorkQueue.js").Work<L, {name: string}>} send
 * @returns {Uploads<L>}
 */
export function useUploads(send) {
  const limitBytes = useSystem().data?.maxUploadBytes ?? Number.POSITIVE_INFINITY;
  return useQueue(async (/** @type {L} */ load, tools) => {
    const sizeBytes = sizeOf(load.files);
    // Refused before it is sent, for sending it may take minutes.
    if (sizeBytes > limitBytes) {
      const detail = words.files.tooLarge(formatBytes(sizeBytes), formatLimit(limitBytes));
      throw new ApiError(413, { code: "too-large", detail });
    }
    return send(load, tools);
  }, AT_ONCE);
}

/**
 * @param {readonly File[]} files
 * @returns {number} bytes
 */
export function sizeOf(files) {
  return files.reduce((sum, { size }) => sum + size, 0);
}
