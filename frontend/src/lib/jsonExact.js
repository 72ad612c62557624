import { tokensOf } from "./jsonScan.js";

const LONG_INTEGER = /^-?\d{16,}$/;

/**
 * Read JSON as `JSON.parse` does, but leave integers that a double would round as text: 9007199254740993 becomes
 * "9007199254740993".
 *
 * @param {string} text
 * @returns {any}
 * @throws {SyntaxError} where it isn't JSON
 */
export function parseKeepingDigits(text) {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  const parts = [];
  let done = 0;
  for (const [start, end] of tokensOf(text)) {
    const token = end - start < 16 ? "" : text.slice(start, end);
    if (!LONG_INTEGER.test(token) || Number.isSafeInteger(Number(token))) continue;
    parts.push(text.slice(done, start), '"', token, '"');
    done = end;
  }
  return JSON.parse(parts.join("") + text.slice(done));
}
