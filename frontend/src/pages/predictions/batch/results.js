import { ApiError } from "../../../api/errors.js";
import { words } from "../../../words.js";

/** @import { BatchItem } from "./useBatch.js" */

/**
 * One line a file: `{"file": ..., "output": ...}`, or `"error"` in place of the output. Answers stand as they came, digit for
 * digit.
 *
 * @param {readonly BatchItem[]} items
 * @returns {string[]} without files that have neither
 */
export function resultLines(items) {
  return items.flatMap(({ load, state, result, error }) => {
    const file = JSON.stringify(load.file.name);
    // Line ends in JSON stand between its values only.
    if (state === "done") return [`{"file": ${file}, "output": ${result?.text.replace(/[\r\n]+/g, " ")}}`];
    if (state === "failed") return [`{"file": ${file}, "error": ${JSON.stringify(told(error))}}`];
    return [];
  });
}

/**
 * @param {readonly string[]} lines
 * @returns {string}
 */
export function asJsonLines(lines) {
  return lines.map((line) => `${line}\n`).join("");
}

/**
 * @param {readonly string[]} lines
 * @returns {string}
 */
export function asJsonArray(lines) {
  return lines.length === 0 ? "[]\n" : `[\n  ${lines.join(",\n  ")}\n]\n`;
}

/**
 * @param {unknown} error
 * @returns {Record<string, unknown>} what a program can use of it
 */
function told(error) {
  if (!(error instanceof ApiError)) return { message: words.errors.crashed };
  const { step, script, line } = error.details;
  return { code: error.code, message: error.message, step, script, line };
}
