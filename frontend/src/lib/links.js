/** Where things have their page, as addresses for `<Link>`. */

/** @param {string} name */
export const pipelineLink = (name) => `/pipelines/${encodeURIComponent(name)}`;

/** @param {string} name */
export const modelLink = (name) => `/models/${encodeURIComponent(name)}`;

/** @param {string} name */
export const resourceLink = (name) => `/resources/${encodeURIComponent(name)}`;

/** @param {string} model */
export const newScriptLink = (model) => `/resources?${new URLSearchParams({ new: model })}`;

/**
 * Where many files go through one pipeline or model.
 *
 * @param {"pipelines" | "models"} kind
 * @param {string} name
 */
export const batchLink = (kind, name) => `/predictions/batch?${new URLSearchParams({ [kind]: name })}`;

/**
 * The name at the end of an address.
 *
 * @param {string} pathname percent-encoded
 * @returns {string} as it stands where it isn't well encoded: somebody typed it
 */
export function nameIn(pathname) {
  const segment = pathname.split("/").findLast(Boolean) ?? "";
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
