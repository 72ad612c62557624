/** @import { Text } from "@codemirror/state" */
/** @import { Diagnostic } from "@codemirror/lint" */
/** @import { ScriptProblem } from "../../api/types.js" */

/**
 * The place of a line and column, both 1-based; the nearest there is where the text has changed since.
 *
 * @param {Text} doc
 * @param {number | null} [line]
 * @param {number | null} [column]
 * @returns {number}
 */
export function positionOf(doc, line, column) {
  const found = doc.line(Math.min(Math.max(line ?? 1, 1), doc.lines));
  return Math.min(found.from + Math.max((column ?? 1) - 1, 0), found.to);
}

/**
 * Problems as the editor shows them: from their place to the end of the line, or all of its text.
 *
 * @param {Text} doc
 * @param {readonly ScriptProblem[]} problems
 * @returns {Diagnostic[]}
 */
export function diagnosticsOf(doc, problems) {
  return problems.map(({ line, column, message, severity }) => {
    const { from, text, to } = doc.lineAt(positionOf(doc, line));
    const start = column ? positionOf(doc, line, column) : from + (text.length - text.trimStart().length);
    return { from: Math.min(start, to), to, severity, message };
  });
}
