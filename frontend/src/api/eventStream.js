import { send } from "./client.js";
import { ApiError } from "./errors.js";

/** The server breaks a silence after 15 s; one that lasts this long means that nobody is there any more. */
const SILENCE_MS = 40_000;

/**
 * @typedef {object} Change
 * @property {("pipelines" | "models" | "resources" | "environments" | "states" | "statistics")[]} what
 * @property {string[]} names
 */

/**
 * What changes on the server, as it tells it; ends when the server ends it. First comes null: the stream is open.
 *
 * Not by EventSource: that one tells neither why it was refused nor that nothing comes any more.
 *
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<Change | null, void>}
 * @throws {ApiError} where the server refuses, doesn't answer, or falls silent
 */
export async function* changes(signal) {
  const { body } = await send("events", { signal });
  if (!body) return;
  yield null;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    let text = "";
    for (;;) {
      const { done, value } = await soon(reader.read());
      if (done) return;
      text += value;
      const blocks = text.split("\n\n");
      text = /** @type {string} */ (blocks.pop());
      for (const block of blocks) {
        const data = /^event: changed\ndata: (.*)$/.exec(block)?.[1];
        if (data !== undefined) yield/** @type {Change} */ (JSON.parse(data));
      }
    }
  } catch (error) {
    throw signal.aborted || error instanceof ApiError ? error : ApiError.unreachable();
  } finally {
    // Given up, ended or broken: whatever it was, nobody reads on.
    reader.cancel().catch(() => {});
  }
}

/**
 * @template T
 * @param {Promise<T>} read
 * @returns {Promise<T>}
 */
async function soon(read) {
  let timer;
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => reject(ApiError.unreachable()), SILENCE_MS);
  });
  try {
    return /** @type {T} */ (await Promise.race([read, silence]));
  } finally {
    clearTimeout(timer);
  }
}
