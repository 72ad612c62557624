import { useMutation } from "@tanstack/react-query";
import { parseKeepingDigits } from "../lib/jsonExact.js";
import { JsonTree } from "../lib/jsonTree.js";
import { upload } from "./upload.js";

/** @import { NewPipeline, Problem, Trace } from "./types.js" */

/**
 * @typedef {object} Draft a pipeline that isn't saved yet, and what to run it on
 * @property {Omit<NewPipeline, "name"> & {name?: string, sample?: string | null}} pipeline
 * @property {File | null} input null takes the stored sample, or what can be made of the model's shapes
 * @property {AbortSignal} signal
 * @property {(fraction: number) => void} onProgress 0..1 of what is sent
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
    mutationFn: (/** @type {Draft} */ { pipeline, input, ...rest }) =>
      upload("pipelines/check", {
        ...rest,
        fields: { pipeline: JSON.stringify(pipeline) },
        files: input ? [input] : [],
        fileField: "input",
        read: readChecked,
      }),
  });
}

/**
 * @param {string} text the answer
 * @returns {Checked}
 */
function readChecked(text) {
  const { output: _, ...checked } = parseKeepingDigits(text);
  const tree = new JsonTree(text);
  const output = checked.ran ? tree.children(tree.root).find(({ key }) => key === "output") : null;
  return { ...checked, outputText: output ? tree.raw(output) : null };
}
