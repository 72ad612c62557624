/** @import { Tensor } from "../api/types.js" */

const MOST_VALUES = 400;

/**
 * An input that a model takes: its real names and shapes, with zeros in them. Variable sizes are 1.
 *
 * @param {readonly Tensor[]} inputs
 * @returns {string} JSON; a tensor too large to write by hand is an empty list
 */
export function jsonSkeleton(inputs) {
  const entries = inputs.map((input) => `  ${JSON.stringify(input.name)}: ${zerosFor(input)}`);
  return entries.length > 0 ? `{\n${entries.join(",\n")}\n}` : "";
}

/**
 * @param {Tensor} input
 * @returns {string}
 */
function zerosFor({ datatype, shape, type }) {
  if (!shape) return type.startsWith("map") ? "{}" : "[]";
  const sizes = shape.map((size) => (size < 0 ? 1 : size));
  if (sizes.reduce((product, size) => product * size, 1) > MOST_VALUES) return "[]";
  const zero = datatype === "BYTES" ? '""' : datatype === "BOOL" ? "false" : "0";
  return sizes.reduceRight((inner, size) => `[${Array(size).fill(inner).join(", ")}]`, zero);
}
