import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { parseKeepingDigits } from "../lib/jsonExact.js";
import { JsonTree } from "../lib/jsonTree.js";
import { parseServerTiming } from "../lib/serverTiming.js";
import { path } from "./address.js";
import { about, askAgain } from "./asking.js";
import { send } from "./client.js";
import { keys } from "./keys.js";
import { transfer } from "./upload.js";

/** @import { Trace } from "./types.js" */

/**
 * @typedef {"pipelines" | "models"} Runnable
 *
 * @typedef {object} Answer
 * @property {string} text exactly as it came: parsing would round large integers
 * @property {import("../lib/serverTiming.js").Timing[]} timings
 * @property {Trace | null} trace what the run looks like from inside, where that was asked for
 *
 * @typedef {object} Input
 * @property {Blob | string} body
 * @property {AbortSignal} signal
 * @property {(fraction: number) => void} [onProgress] 0..1 of what is sent, where that takes a while
 */

/** From so much on one waits for it to be sent. */
const LARGE_BYTES = 1_000_000;

/**
 * Run a pipeline or a model on one input.
 *
 * @param {Runnable} kind
 * @param {string} name
 * @param {{traced?: boolean}} [options]
 */
export function usePredict(kind, name, { traced = false } = {}) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (/** @type {Input} */ input) => predict(kind, name, input, traced),
    // A run starts an idle pipeline and may show that it is broken; and it counts.
    onSettled: () => void askAgain(client, [keys.pipelines, keys.statistics]),
  });
}

/** Run a pipeline or a model on one of many inputs; states are not asked for after each. */
export function usePredictOneOfMany() {
  return useMutation({
    mutationFn: (/** @type {Input & {kind: Runnable, name: string}} */ { kind, name, ...input }) =>
      predict(kind, name, input, false),
  });
}

/**
 * @param {Runnable} kind
 * @param {string} name
 * @param {Input} input
 * @param {boolean} traced
 * @returns {Promise<Answer>}
 */
async function predict(kind, name, { body, signal, onProgress }, traced) {
  const target = kind === "models" ? path`models/${name}` : path`pipelines/${name}`;
  const address = `${target}/predictions${traced ? "?trace=true" : ""}`;
  const contentType = typeof body === "string" ? "application/json" : "application/octet-stream";
  const { text, header } =
    typeof body !== "string" && body.size >= LARGE_BYTES
      ? await transfer(address, { method: "POST", body, contentType, signal, onProgress })
      : await exchange(address, { method: "POST", body, contentType, signal });
  const timings = parseServerTiming(header("Server-Timing") ?? "");
  return traced ? { ...takeApart(text), timings } : { text, timings, trace: null };
}

/**
 * @param {string} address
 * @param {import("./client.js").Call} call
 */
async function exchange(address, call) {
  const response = await send(address, call);
  return { text: await response.text(), header: (/** @type {string} */ name) => response.headers.get(name) };
}

/**
 * The content of a data file, to be sent as input.
 *
 * @param {string | null} name
 */
export function useSample(name) {
  return useQuery({
    queryKey: ["samples", name],
    ...about("resources", name, async (signal) => {
      const response = await send(path`resources/${name ?? ""}/content`, { signal });
      return response.blob();
    }),
    enabled: name !== null,
  });
}

/**
 * @param {string} text `{"output": ..., "trace": {...}}`
 * @returns {{text: string, trace: Trace}}
 */
function takeApart(text) {
  const tree = new JsonTree(text);
  const parts = Object.fromEntries(tree.children(tree.root).map((node) => [node.key, tree.raw(node)]));
  return { text: parts.output, trace: parseKeepingDigits(parts.trace) };
}
