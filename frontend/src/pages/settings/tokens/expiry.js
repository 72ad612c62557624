/** When a token ends that is made now. */

export const EXPIRIES = /** @type {const} */ (["never", "month", "quarter", "year", "day"]);

const DAY_MS = 86_400_000;
const DAYS = { month: 30, quarter: 90, year: 365 };

/**
 * @param {typeof EXPIRIES[number]} expiry
 * @param {string} day `2026-12-31`, for the expiry `day`
 * @param {Date} [now]
 * @returns {string | null} ISO 8601; null is never
 */
export function expiresAt(expiry, day, now = new Date()) {
  if (expiry === "never") return null;
  // Without a zone it is the reader's own day, to its last second.
  if (expiry === "day") return new Date(`${day}T23:59:59`).toISOString();
  return new Date(now.getTime() + DAYS[expiry] * DAY_MS).toISOString();
}

/**
 * @param {Date} [now]
 * @returns {string} the reader's day, as a field for dates takes it
 */
export function today(now = new Date()) {
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
