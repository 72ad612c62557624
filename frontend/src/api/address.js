/**
 * Where the page and its API live. All of it derives from the document's base, which the server sets to its
 * path prefix.
 */

/** @returns {string} the path prefix without a final slash; empty at the root */
export function basePath() {
  return new URL(document.baseURI).pathname.replace(/\/+$/, "");
}

/**
 * The address of a native API call.
 *
 * @param {string} path below `/api/v1`, without a leading slash
 * @returns {string}
 */
export function apiUrl(path) {
  return new URL(`api/v1/${path}`, document.baseURI).href;
}

/**
 * The address of a call of the Open Inference Protocol.
 *
 * @param {string} path below `/v2`, without a leading slash
 * @returns {string}
 */
export function protocolUrl(path) {
  return new URL(`v2/${path}`, document.baseURI).href;
}

/** @returns {{server: string, isSecure: boolean}} as clients of the Open Inference Protocol want to know it */
export function protocolServer() {
  const { host, protocol } = new URL(document.baseURI);
  return { server: host + basePath(), isSecure: protocol === "https:" };
}

/**
 * A path below `/api/v1` with names in it, each of them percent-encoded.
 *
 * @param {TemplateStringsArray} strings
 * @param {...string} names
 * @returns {string}
 */
export function path(strings, ...names) {
  return String.raw({ raw: strings }, ...names.map(encodeName));
}

/**
 * @param {string} name
 * @returns {string}
 */
function encodeName(name) {
  // A segment of dots only would be taken for a step up the path.
  return /^\.+$/.test(name) ? name.replaceAll(".", "%2E") : encodeURIComponent(name);
}
