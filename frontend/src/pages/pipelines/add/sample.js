import { words } from "../../../words.js";

/**
 * What a check runs on, as somebody chose it.
 *
 * @typedef {"automatic" | "file" | "json" | "stored"} Source
 *
 * @typedef {object} Sample
 * @property {Source} source
 * @property {File[]} files one, or none yet
 * @property {string} json
 * @property {string | null} stored one of the pipeline's data files
 */

/** @type {Sample} */
export const AUTOMATIC = { source: "automatic", files: [], json: "", stored: null };

/**
 * Tell what is missing in a choice.
 *
 * @param {Sample} sample
 * @returns {string | null}
 */
export function missingIn({ source, files, json, stored }) {
  if (source === "file" && files.length === 0) return words.run.fileMissing;
  if (source === "json" && !json.trim()) return words.run.jsonMissing;
  if (source === "stored" && stored === null) return words.run.fileMissing;
  return null;
}

/**
 * @param {Sample} sample
 * @returns {{input: File | null, stored: string | null}} what is sent for it
 */
export function sentFor({ source, files, json, stored }) {
  return {
    input:
      source === "file"
        ? files[0]
        : source === "json"
          ? new File([json], "input.json", { type: "application/json" })
          : null,
    stored: source === "stored" ? stored : null,
  };
}
