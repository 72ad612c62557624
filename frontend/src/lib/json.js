import { tokensOf } from "./jsonScan.js";

/**
 * Lays JSON out as text without reading its numbers: 9007199254740993 stays what it is.
 */

const LINE_WIDTH = 80;

/**
 * @typedef {{open: string, close: string, items: Node[], width: number}} Group
 * @typedef {{key: string | null, value: string | Group, width: number}} Node
 */

/**
 * Indent JSON; what fits on one line stays on one, so that a row of a matrix reads as a row.
 *
 * @param {string} text
 * @returns {string} the same values, digit for digit; `text` itself where it isn't JSON
 */
export function layOutJson(text) {
  try {
    const tokens = Array.from(tokensOf(text), ([start, end]) => text.slice(start, end));
    const [node, end] = readValue(tokens, 0, null);
    return end === tokens.length ? write(node, "") : text;
  } catch {
    return text;
  }
}

/**
 * @param {string[]} tokens
 * @param {number} at
 * @param {string | null} key
 * @returns {[Node, number]} and where the next token is
 */
function readValue(tokens, at, key) {
  const token = tokens[at];
  const keyWidth = key === null ? 0 : key.length + 2;
  if (token === "[" || token === "{") {
    const [group, end] = readGroup(tokens, at);
    return [{ key, value: group, width: keyWidth + group.width }, end];
  }
  if (token === undefined || /^[\]},:]/.test(token)) throw new SyntaxError("not JSON");
  return [{ key, value: token, width: keyWidth + token.length }, at + 1];
}

/**
 * @param {string[]} tokens
 * @param {number} start
 * @returns {[Group, number]}
 */
function readGroup(tokens, start) {
  const open = tokens[start];
  const close = open === "[" ? "]" : "}";
  /** @type {Node[]} */
  const items = [];
  let width = 2;
  let at = start + 1;
  while (tokens[at] !== close) {
    if (items.length > 0 && tokens[at++] !== ",") throw new SyntaxError("not JSON");
    let key = null;
    if (open === "{") {
      key = tokens[at];
      if (tokens[at + 1] !== ":") throw new SyntaxError("not JSON");
      at += 2;
    }
    const [item, next] = readValue(tokens, at, key);
    width += item.width + (items.length > 0 ? 2 : 0);
    items.push(item);
    at = next;
  }
  return [{ open, close, items, width }, at + 1];
}

/**
 * @param {Node} node
 * @param {string} indent
 * @returns {string}
 */
function write({ key, value, width }, indent) {
  const label = key === null ? "" : `${key}: `;
  if (typeof value === "string") return label + value;
  if (indent.length + width <= LINE_WIDTH) return label + writeFlat(value);
  const inner = `${indent}  `;
  const lines = fill(value.items, inner);
  return `${label}${value.open}\n${lines.join(",\n")}\n${indent}${value.close}`;
}

/**
 * @param {Group} group
 * @returns {string}
 */
function writeFlat({ open, close, items }) {
  const parts = items.map(({ key, value }) => {
    const label = key === null ? "" : `${key}: `;
    return label + (typeof value === "string" ? value : writeFlat(value));
  });
  return open + parts.join(", ") + close;
}

/**
 * One line an item; plain values of a list share lines, as words do.
 *
 * @param {Node[]} items
 * @param {string} indent
 * @returns {string[]}
 */
function fill(items, indent) {
  if (!items.every(({ key, value }) => key === null && typeof value === "string")) {
    return items.map((item) => indent + write(item, indent));
  }
  /** @type {string[]} */
  const lines = [];
  let line = indent;
  for (const { value } of items) {
    const room = line.length === indent.length || line.length + 2 + String(value).length <= LINE_WIDTH;
    if (!room) {
      lines.push(line);
      line = indent;
    }
    line += (line.length === indent.length ? "" : ", ") + value;
  }
  return [...lines, line];
}
