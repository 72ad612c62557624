import { endOfString, endOfValue, skipSpace, tokensOf } from "./jsonScan.js";

/**
 * JSON text as a tree of places in it. Values stay text, digit for digit, and what nobody opens isn't looked into.
 *
 * @typedef {"object" | "array" | "string" | "word"} JsonKind `word` is a number, true, false or null
 *
 * @typedef {object} JsonNode
 * @property {JsonKind} kind
 * @property {string | null} key of an object's value
 * @property {number} from where its entry begins: at the key, if it has one
 * @property {number} start
 * @property {number} end
 */

const MOST_MATCHES = 1_000;

export class JsonTree {
  /**
   * @param {string} text
   * @throws {SyntaxError} where it isn't JSON
   */
  constructor(text) {
    JSON.parse(text);
    this.text = text;
    const start = skipSpace(text, 0);
    /** @type {JsonNode} */
    this.root = { kind: kindOf(text[start]), key: null, from: start, start, end: endOfValue(text, start) };
    /** @type {Map<number, JsonNode[]>} */
    this.known = new Map();
  }

  /**
   * @param {JsonNode} node
   * @returns {JsonNode[]} in their order; none of a value that holds no others
   */
  children(node) {
    let found = this.known.get(node.start);
    if (!found) {
      found = isContainer(node) ? readChildren(this.text, node) : [];
      this.known.set(node.start, found);
    }
    return found;
  }

  /**
   * @param {JsonNode} node
   * @returns {string} the value as it stands in the text
   */
  raw(node) {
    return this.text.slice(node.start, node.end);
  }

  /**
   * Find keys and values that hold a text, whatever its case.
   *
   * @param {string} wanted
   * @returns {number[]} where each of them begins, at most a thousand
   */
  search(wanted) {
    const needle = JSON.stringify(wanted).slice(1, -1).toLowerCase();
    /** @type {number[]} */
    const found = [];
    if (!needle) return found;
    for (const [start, end] of tokensOf(this.text)) {
      if (end - start < needle.length || !this.text.slice(start, end).toLowerCase().includes(needle))
        continue;
      if ("[]{}:,".includes(this.text[start])) continue;
      found.push(start);
      if (found.length === MOST_MATCHES) break;
    }
    return found;
  }

  /**
   * The way to a place in the text.
   *
   * @param {number} offset
   * @returns {{node: JsonNode, index: number}[]} from the root to the value that it lies in, with each one's number
   *   among its siblings
   */
  pathTo(offset) {
    const path = [{ node: this.root, index: 0 }];
    for (;;) {
      const siblings = this.children(path[path.length - 1].node);
      const index = lastBefore(siblings, offset);
      if (index < 0 || siblings[index].end <= offset) return path;
      path.push({ node: siblings[index], index });
    }
  }
}

/**
 * @param {JsonNode} node
 * @returns {boolean}
 */
export function isContainer({ kind }) {
  return kind === "object" || kind === "array";
}

/**
 * @param {string} text
 * @param {JsonNode} parent
 * @returns {JsonNode[]}
 */
function readChildren(text, { kind, start, end }) {
  /** @type {JsonNode[]} */
  const children = [];
  let at = skipSpace(text, start + 1);
  while (at < end - 1) {
    const from = at;
    let key = null;
    if (kind === "object") {
      const keyEnd = endOfString(text, at);
      key = JSON.parse(text.slice(at, keyEnd));
      at = skipSpace(text, skipSpace(text, keyEnd) + 1);
    }
    const stop = endOfValue(text, at);
    children.push({ kind: kindOf(text[at]), key, from, start: at, end: stop });
    at = skipSpace(text, stop);
    if (text[at] === ",") at = skipSpace(text, at + 1);
  }
  return children;
}

/**
 * @param {string} first character of a value
 * @returns {JsonKind}
 */
function kindOf(first) {
  if (first === "{") return "object";
  if (first === "[") return "array";
  return first === '"' ? "string" : "word";
}

/**
 * @param {JsonNode[]} nodes
 * @param {number} offset
 * @returns {number} which of them is the last to begin at or before the offset; -1 if none does
 */
function lastBefore(nodes, offset) {
  let low = 0;
  let high = nodes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (nodes[middle].from <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
