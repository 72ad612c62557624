/**
 * A call of a pipeline or a model, as every snippet writes it down.
 *
 * @typedef {object} Call
 * @property {string} url
 * @property {string} contentType
 * @property {string | null} file the name of the file whose bytes are sent; null where `json` is
 * @property {Record<string, unknown> | null} json
 * @property {ProtocolCall} protocol
 *
 * @typedef {object} ProtocolCall the same over the Open Inference Protocol
 * @property {string} server host, port and path prefix
 * @property {boolean} isSecure
 * @property {string} name as the protocol knows it
 * @property {boolean} takesFile bytes as the one tensor `content`
 * @property {boolean} givesResult JSON as the one tensor `result`
 * @property {readonly import("../../api/types.js").Tensor[]} inputs of the model
 */

/** The environment variable from which the snippets take the API token, so that it stands in no program. */
export const TOKEN_VARIABLE = "SLUICE_TOKEN";

/** The name of the file that a snippet reads where JSON is too long to be written out. */
export const INPUT_FILE = "input.json";

/**
 * A text as a literal of C#, Java, JavaScript or Python.
 *
 * @param {string} text
 * @returns {string}
 */
export function quoted(text) {
  return JSON.stringify(text);
}

/**
 * @param {string} text
 * @param {string} indent before every line but the first
 * @returns {string}
 */
export function indented(text, indent) {
  return text.replaceAll("\n", `\n${indent}`);
}
