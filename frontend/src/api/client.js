import { apiUrl, protocolUrl } from "./address.js";
import { ApiError, errorOf, isAbort } from "./errors.js";

/**
 * @typedef {object} Call
 * @property {string} [method]
 * @property {unknown} [json] sent as JSON
 * @property {BodyInit} [body] sent as it is
 * @property {string} [contentType] of `body`
 * @property {boolean} [protocol] whether `path` is one of the Open Inference Protocol
 * @property {string} [ifMatch] the version that the call is about, see `versionTag`
 * @property {AbortSignal} [signal]
 */

/**
 * Send a call and return its answer, whatever it holds. The page's only `fetch`.
 *
 * @param {string} path below `/api/v1`, or `/v2` where it is of the `protocol`
 * @param {Call} [call]
 * @returns {Promise<Response>}
 * @throws {ApiError} where the server refuses or doesn't answer
 */
export async function send(
  path,
  { method = "GET", json, body, contentType, ifMatch, protocol = false, signal } = {},
) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (json !== undefined) headers["Content-Type"] = "application/json";
  if (contentType) headers["Content-Type"] = contentType;
  if (ifMatch) headers["If-Match"] = ifMatch;
  let response;
  try {
    response = await fetch(protocol ? protocolUrl(path) : apiUrl(path), {
      method,
      headers,
      body: json === undefined ? body : JSON.stringify(json),
      signal,
      credentials: "same-origin",
    });
  } catch (error) {
    throw isAbort(error) ? error : ApiError.unreachable();
  }
  if (!response.ok) {
    throw errorOf(response.status, await response.text(), response.headers.get("Retry-After"));
  }
  return response;
}

/**
 * Send a call and return its JSON; undefined for an empty answer.
 *
 * @param {string} path
 * @param {Call} [call]
 * @returns {Promise<any>}
 */
export async function request(path, call) {
  const response = await send(path, call);
  return response.status === 204 ? undefined : response.json();
}

/**
 * The tag by which a change says which version it is about, so that it doesn't undo another operator's.
 *
 * @param {{id: string, revision: number}} thing as the server told it
 * @returns {string}
 */
export function versionTag({ id, revision }) {
  return `"${id}-${revision}"`;
}
