/** How values are written for people. */

/** @import { Tensor } from "../api/types.js" */

const LOCALE = "en";
const UNITS = ["B", "kB", "MB", "GB", "TB"];
const BINARY_UNITS = ["B", "KiB", "MiB"];
const plainNumber = new Intl.NumberFormat(LOCALE);
const relativeTime = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });
const clock = new Intl.DateTimeFormat(LOCALE, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dayAndClock = new Intl.DateTimeFormat(LOCALE, {
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const exactTime = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "medium" });

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const SPANS_S = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/**
 * @param {number} bytes
 * @returns {string} in decimal units with three significant figures, e.g. `52.1 kB`
 */
export function formatBytes(bytes) {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/**
 * A limit in the unit in which it was set.
 *
 * @param {number} bytes
 * @returns {string} e.g. `512 MiB`; in bytes where it is no round number of KiB
 */
export function formatLimit(bytes) {
  if (bytes % 1024 !== 0 || bytes === 0) return formatExactBytes(bytes);
  const unit = bytes % (1024 * 1024) === 0 ? 2 : 1;
  return `${plainNumber.format(bytes / 1024 ** unit)} ${BINARY_UNITS[unit]}`;
}

/**
 * @param {number} bytes
 * @returns {string} every digit, e.g. `52,113 bytes`
 */
export function formatExactBytes(bytes) {
  return `${plainNumber.format(bytes)} ${bytes === 1 ? "byte" : "bytes"}`;
}

/**
 * @param {number} n
 * @returns {string} every digit, e.g. `12,340`
 */
export function formatCount(n) {
  return plainNumber.format(n);
}

/**
 * @param {number} durationMs
 * @returns {string} e.g. `0.42 ms`, `3.1 s`
 */
export function formatDuration(durationMs) {
  if (durationMs >= 10_000) return `${(durationMs / 1000).toFixed(0)} s`;
  if (durationMs >= 1000) return `${(durationMs / 1000).toFixed(1)} s`;
  return `${durationMs.toFixed(durationMs >= 100 ? 0 : durationMs >= 10 ? 1 : 2)} ms`;
}

/**
 * @param {string} iso
 * @param {Date} [now]
 * @returns {string} e.g. `3 minutes ago`
 */
export function formatRelative(iso, now = new Date()) {
  const seconds = (new Date(iso).getTime() - now.getTime()) / 1000;
  for (const [unit, span] of SPANS_S) {
    if (Math.abs(seconds) >= span) return relativeTime.format(Math.trunc(seconds / span), unit);
  }
  return relativeTime.format(0, "second");
}

/**
 * @param {string} iso
 * @param {import("../api/types.js").Period} period that it lies in
 * @returns {string} what tells it apart there, in the reader's time zone, e.g. `14:05`, `Mon 14:05`
 */
export function formatMoment(iso, period) {
  return (period === "hour" ? clock : dayAndClock).format(new Date(iso));
}

/**
 * @param {string} iso
 * @returns {string} date and time to the second, in the reader's time zone
 */
export function formatExact(iso) {
  return exactTime.format(new Date(iso));
}

/**
 * @param {Tensor} tensor
 * @returns {string} e.g. `[N, 3, 224, 224]`, `[?, 64]`; `scalar`; empty where there is no shape
 */
export function formatShape({ shape, symbols }) {
  if (!shape) return "";
  if (shape.length === 0) return "scalar";
  return `[${shape.map((size, axis) => (size >= 0 ? size : (symbols?.[axis] ?? "?"))).join(", ")}]`;
}

/**
 * @param {number} part 0..1
 * @returns {string} e.g. `12 %`, `< 1 %`
 */
export function formatPart(part) {
  if (part > 0 && part < 0.01) return "< 1 %";
  return `${Math.round(part * 100)} %`;
}

/**
 * @param {unknown} value as JSON has it
 * @returns {string} numbers to six figures, whole ones with every digit; the rest as JSON
 */
export function formatFact(value) {
  if (typeof value === "string") return value;
  if (typeof value !== "number" || Number.isInteger(value)) return JSON.stringify(value);
  const rounded = Number(value.toPrecision(6));
  if (Math.abs(rounded) >= 1e-4) return String(rounded);
  return rounded.toExponential();
}
