/**
 * @typedef {object} Timing
 * @property {string} name
 * @property {number} durationMs
 */

/**
 * Read a `Server-Timing` header.
 *
 * @param {string} header e.g. `queue;dur=0.2, model;dur=0.4`
 * @returns {Timing[]} in the header's order, without entries that have no duration
 */
export function parseServerTiming(header) {
  return header.split(",").flatMap((entry) => {
    const [name, ...parameters] = entry.split(";").map((part) => part.trim());
    const duration = parameters.find((parameter) => parameter.startsWith("dur="));
    const durationMs = duration ? Number(duration.slice("dur=".length)) : Number.NaN;
    return name && Number.isFinite(durationMs) ? [{ name, durationMs }] : [];
  });
}
