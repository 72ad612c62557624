/** @import { Row } from "./rows.js" */

/**
 * What a key does in a tree, as everywhere: up and down move, right opens and goes in, left shuts and goes out.
 *
 * @param {string} key
 * @param {Row[]} rows
 * @param {number} here which row has the focus
 * @returns {{move: number} | {open: boolean} | null}
 */
export function keyAction(key, rows, here) {
  const { opens, isOpen } = rows[here];
  switch (key) {
    case "ArrowDown":
      return { move: Math.min(here + 1, rows.length - 1) };
    case "ArrowUp":
      return { move: Math.max(here - 1, 0) };
    case "Home":
      return { move: 0 };
    case "End":
      return { move: rows.length - 1 };
    case "ArrowRight":
      if (isOpen) return { move: Math.min(here + 1, rows.length - 1) };
      return opens ? { open: true } : { move: here };
    case "ArrowLeft":
      return isOpen ? { open: false } : { move: parentOf(rows, here) };
    case "Enter":
    case " ":
      return opens ? { open: !isOpen } : { move: here };
    default:
      return null;
  }
}

/**
 * @param {Row[]} rows
 * @param {number} index
 * @returns {number} of the row that it is in
 */
function parentOf(rows, index) {
  let parent = index;
  while (parent > 0 && rows[parent].level >= rows[index].level) parent -= 1;
  return parent;
}
