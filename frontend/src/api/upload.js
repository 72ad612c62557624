import { apiUrl } from "./address.js";
import { ApiError, errorOf } from "./errors.js";

/**
 * @typedef {object} Upload
 * @property {"POST" | "PUT"} [method] PUT gives a thing that is there other content
 * @property {string} [ifMatch] the version that is replaced, see `versionTag`
 * @property {Record<string, string>} [fields] sent before the files, so that the server can refuse early
 * @property {readonly File[]} files
 * @property {string} [fileField] what they are sent as
 * @property {(text: string) => any} [read] makes something of the answer, in place of `JSON.parse`
 * @property {AbortSignal} [signal]
 * @property {(fraction: number) => void} [onProgress] 0..1 of the bytes sent
 */

/**
 * Upload files as `multipart/form-data` and return the JSON answer.
 *
 * @param {string} path below `/api/v1`
 * @param {Upload} upload
 * @returns {Promise<any>}
 * @throws {ApiError} where the server refuses or doesn't answer
 */
export function upload(
  path,
  { method = "POST", ifMatch, fields = {}, files, fileField = "file", read = JSON.parse, signal, onProgress },
) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  for (const file of files) form.append(fileField, file, file.name);

  return transfer(path, { method, body: form, ifMatch, signal, onProgress }).then(({ text }) => read(text));
}

/**
 * Send a body and tell how much of it is sent. XMLHttpRequest, because `fetch` doesn't tell that.
 *
 * @typedef {object} Transfer
 * @property {string} method
 * @property {Blob | FormData} body
 * @property {string} [contentType] of a Blob
 * @property {string} [ifMatch]
 * @property {AbortSignal} [signal]
 * @property {(fraction: number) => void} [onProgress] 0..1 of the bytes sent
 *
 * @param {string} path below `/api/v1`
 * @param {Transfer} transfer
 * @returns {Promise<{text: string, header: (name: string) => string | null}>}
 * @throws {ApiError} where the server refuses or doesn't answer
 */
export function transfer(path, { method, body, contentType, ifMatch, signal, onProgress }) {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open(method, apiUrl(path));
    if (contentType) call.setRequestHeader("Content-Type", contentType);
    if (ifMatch) call.setRequestHeader("If-Match", ifMatch);
    call.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) onProgress?.(event.loaded / event.total);
    });
    call.addEventListener("load", () => {
      const { status, responseText: text } = call;
      if (status >= 200 && status < 300) resolve({ text, header: (name) => call.getResponseHeader(name) });
      else reject(errorOf(status, text));
    });
    call.addEventListener("error", () => reject(ApiError.unreachable()));
    call.addEventListener("abort", () => reject(new DOMException("The upload was cancelled.", "AbortError")));
    if (signal?.aborted) call.abort();
    signal?.addEventListener("abort", () => call.abort(), { once: true });
    call.send(body);
  });
}
