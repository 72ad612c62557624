/** @import { Tensor } from "../api/types.js" */

/** Above so many values an input is better kept in a file than written out. */
const SHORT_VALUES = 100;

/**
 * Make an input that fits a model: each of its inputs by name, filled with zeros; variable axes have one entry.
 *
 * @param {readonly Tensor[]} inputs
 * @returns {Record<string, unknown>} JSON
 */
export function exampleInput(inputs) {
  return Object.fromEntries(inputs.map((tensor) => [tensor.name, filled(sizes(tensor), zero(tensor))]));
}

/**
 * Tell whether an input that fits is short enough to be written into a page or a program.
 *
 * @param {readonly Tensor[]} inputs
 * @returns {boolean}
 */
export function isShortInput(inputs) {
  const values = inputs.map((tensor) => sizes(tensor).reduce((product, size) => product * size, 1));
  return values.reduce((sum, count) => sum + count, 0) <= SHORT_VALUES;
}

/**
 * @param {Tensor} tensor
 * @returns {number[]} one entry for what may vary; a list of one where even the rank may
 */
function sizes({ shape }) {
  return shape ? shape.map((size) => (size < 0 ? 1 : size)) : [1];
}

/**
 * @param {Tensor} tensor
 * @returns {unknown}
 */
function zero({ datatype }) {
  if (datatype === "BOOL") return false;
  return datatype === "BYTES" ? "" : 0;
}

/**
 * @param {number[]} shape
 * @param {unknown} value
 * @returns {unknown} lists in lists
 */
function filled([size, ...rest], value) {
  return size === undefined ? value : Array.from({ length: size }, () => filled(rest, value));
}
