import { exampleInput, isShortInput } from "./exampleInput.js";
import { layOutJson } from "./json.js";

/** @import { Tensor } from "../api/types.js" */

/**
 * An input that a model takes, to be filled in: its real names and shapes, with zeros in them.
 *
 * @param {readonly Tensor[]} inputs
 * @returns {string} JSON; a tensor too large to write by hand is an empty list; empty where no inputs are known
 */
export function jsonSkeleton(inputs) {
  if (inputs.length === 0) return "";
  const writable = inputs.map((input) => (isShortInput([input]) ? input : { ...input, shape: [0] }));
  return layOutJson(JSON.stringify(exampleInput(writable)));
}
