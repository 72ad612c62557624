import { words } from "../../../words.js";

/**
 * What somebody filled in so far.
 *
 * @typedef {object} DraftValues
 * @property {string} name
 * @property {string | null} model
 * @property {string | null} preProcessing
 * @property {string | null} postProcessing
 * @property {string[]} dataFiles
 *
 * @typedef {import("@mantine/form").UseFormReturnType<DraftValues>} DraftForm
 */

/** @type {DraftValues} */
export const EMPTY = { name: "", model: null, preProcessing: null, postProcessing: null, dataFiles: [] };

export const FIELDS = Object.keys(EMPTY);

export const VALIDATE = {
  name: (/** @type {string} */ name) => (name.trim() ? null : words.pipelines.nameMissing),
  model: (/** @type {string | null} */ model) => (model ? null : words.pipelines.modelMissing),
};
