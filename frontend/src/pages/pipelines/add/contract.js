import { formatShape } from "../../../lib/format.js";
import { words } from "../../../words.js";

/** @import { Model, Tensor } from "../../../api/types.js" */

const text = words.contract;
/** More than this nobody reads in a form. */
const SHOWN = 8;

/**
 * What a step is given and has to return for a model, as Python would write it.
 *
 * @param {"pre-processing" | "post-processing"} step
 * @param {boolean} hasScript
 * @param {Pick<Model, "inputs" | "outputs">} model
 * @returns {[label: string, value: string][]}
 */
export function contractOf(step, hasScript, { inputs, outputs }) {
  const dict = (/** @type {Tensor[]} */ tensors) =>
    `{${some(tensors.map((t) => `"${t.name}": ${kind(t)}`))}}`;
  if (step === "pre-processing") {
    return hasScript
      ? [
          [text.given, text.bytes],
          [text.returns, dict(inputs)],
        ]
      : [[text.callersSend, dict(inputs)]];
  }
  return hasScript
    ? [
        [text.given, `[${some(outputs.map((t) => `${t.name}: ${kind(t)}`))}]`],
        [text.returns, text.anything],
      ]
    : [[text.callersGet, dict(outputs)]];
}

/**
 * @param {Tensor} tensor
 * @returns {string}
 */
function kind(tensor) {
  return [tensor.datatype ?? tensor.type, formatShape(tensor)].filter(Boolean).join(" ");
}

/**
 * @param {string[]} items
 * @returns {string}
 */
function some(items) {
  const shown = items.slice(0, SHOWN).join(", ");
  return items.length > SHOWN ? `${shown}, ${words.models.more(items.length - SHOWN)}` : shown;
}
