import { useMutation } from "@tanstack/react-query";
import { parseKeepingDigits } from "../lib/jsonExact.js";
import { JsonTree } from "../lib/jsonTree.js";
import { send } from "./client.js";

/** @import { NewPipeline, Problem, Trace } from "./types.js" */

/**
 * @typedef {object} Draft a pipeline that isn't saved yet, and what to run it on
 * @property {Omit<NewPipeline, "name"> & {name?: string, sample?: string | null}} pipeline
 * @property {Blob | null} input null takes the stored sample, or what can be made of the model's shapes
 * @property {AbortSignal} signal
 *
 * @typedef {object} Checked
 * @property {boolean} ok
 * @property {boolean} loaded
 * @property {boolean} ran false where there was nothing to run it on
 * @property {"input" | "stored" | "made" | null} sample
 * @property {Problem | null} problem
 * @property {string | null} outputText the answer as it came: parsing would round large integers
 * @property {Trace | null} trace
 */

/** Load the parts of a pipeline and run a sample through them; nothing is saved. */
export function useCheckPipeline() {
  return useMutation({
    mutationFn: async (/** @type {Draft} */ { pipeline, input, signal }) => {
      const form = new FormData();
      form.append("pipeline", JSON.stringify(pipeline));
      if (input) form.append("input", input);
      const response = await send("pipelines/check", { method: "POST", body: form, signal });
      const text = await response.text();
      const { output: _, ...checked } = parseKeepingDigits(text);
      return /** @type {Checked} */ ({ ...checked, outputText: checked.ran ? rawOutput(text) : null });
    },
  });
}

/**
 * @param {string} text of the whole answer
 * @returns {string | null}
 */
function rawOutput(text) {
  const tree = new JsonTree(text);
  const output = tree.children(tree.root).find(({ key }) => key === "output");
  return output ? tree.raw(output) : null;
}
