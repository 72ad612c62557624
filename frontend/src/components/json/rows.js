import { isContainer } from "../../lib/jsonTree.js";

/**
 * The lines of a tree that are to be seen. A list of very many items is shown in ranges of a hundred, so that a page
 * never holds more than somebody opened.
 *
 * @import { JsonNode, JsonTree } from "../../lib/jsonTree.js"
 *
 * @typedef {object} Row
 * @property {string} id
 * @property {number} level from 1
 * @property {JsonNode} node
 * @property {number | null} index among the items of a list
 * @property {[first: number, end: number] | null} range of the node's items, where the row stands for these only
 * @property {boolean} opens
 * @property {boolean} isOpen
 * @property {number} place among its siblings, from 1
 * @property {number} siblings
 */

const MOST_TOGETHER = 100;
const LONG_TEXT = 120;
const OPEN_ROWS = 40;
const OPEN_ITEMS = 20;

/**
 * @param {JsonTree} tree
 * @param {ReadonlySet<string>} open ids of rows
 * @returns {Row[]}
 */
export function rowsOf(tree, open) {
  /** @type {Row[]} */
  const rows = [];
  add(rows, tree, open, { node: tree.root, index: null, level: 1, place: 1, siblings: 1 });
  return rows;
}

/**
 * @param {Row[]} rows
 * @param {JsonTree} tree
 * @param {ReadonlySet<string>} open
 * @param {{node: JsonNode, index: number | null, level: number, place: number, siblings: number}} at
 */
function add(rows, tree, open, { node, index, level, place, siblings }) {
  const id = idOf(node);
  const opens = isContainer(node) ? tree.children(node).length > 0 : node.end - node.start > LONG_TEXT;
  const isOpen = opens && open.has(id);
  rows.push({ id, level, node, index, range: null, opens, isOpen, place, siblings });
  if (isOpen && isContainer(node)) {
    addItems(rows, tree, open, { node, level: level + 1, first: 0, end: tree.children(node).length });
  }
}

/**
 * @param {Row[]} rows
 * @param {JsonTree} tree
 * @param {ReadonlySet<string>} open
 * @param {{node: JsonNode, level: number, first: number, end: number}} part
 */
function addItems(rows, tree, open, { node, level, first, end }) {
  const children = tree.children(node);
  const step = stepOf(end - first);
  const siblings = Math.ceil((end - first) / step);
  for (let at = first, place = 1; at < end; at += step, place += 1) {
    if (step === 1) {
      const index = node.kind === "array" ? at : null;
      add(rows, tree, open, { node: children[at], index, level, place, siblings });
      continue;
    }
    const last = Math.min(at + step, end);
    const id = idOf(node, at, last);
    const isOpen = open.has(id);
    rows.push({ id, level, node, index: null, range: [at, last], opens: true, isOpen, place, siblings });
    if (isOpen) addItems(rows, tree, open, { node, level: level + 1, first: at, end: last });
  }
}

/**
 * @param {JsonTree} tree
 * @param {number} offset of what is to be seen
 * @returns {string[]} the rows on the way to it, itself last
 */
export function idsTo(tree, offset) {
  const path = tree.pathTo(offset);
  return path.flatMap(({ node, index }, depth) => {
    if (depth === 0) return [idOf(node)];
    const parent = path[depth - 1].node;
    const ids = [];
    let [first, end] = [0, tree.children(parent).length];
    for (let step = stepOf(end - first); step > 1; step = stepOf(end - first)) {
      first += Math.floor((index - first) / step) * step;
      end = Math.min(first + step, end);
      ids.push(idOf(parent, first, end));
    }
    return [...ids, idOf(node)];
  });
}

/**
 * @param {JsonTree} tree
 * @returns {Set<string>} what is open at first: level by level, as long as it stays on a screen
 */
export function openAtFirst(tree) {
  /** @type {Set<string>} */
  const open = new Set();
  let rows = 1;
  for (let level = [tree.root]; level.length > 0; ) {
    /** @type {JsonNode[]} */
    const next = [];
    for (const node of level) {
      const children = tree.children(node);
      if (children.length === 0 || (children.length > OPEN_ITEMS && node !== tree.root)) continue;
      rows += Math.min(children.length, MOST_TOGETHER);
      if (rows > OPEN_ROWS && node !== tree.root) return open;
      open.add(idOf(node));
      next.push(...children.slice(0, MOST_TOGETHER));
    }
    level = next;
  }
  return open;
}

/**
 * @param {JsonNode} node
 * @param {...number} range
 * @returns {string}
 */
function idOf(node, ...range) {
  return [node.start, ...range].join("-");
}

/**
 * @param {number} count
 * @returns {number} how many items stand together in a row; 1 where each has its own
 */
function stepOf(count) {
  let step = 1;
  while (count / step > MOST_TOGETHER) step *= MOST_TOGETHER;
  return step;
}
