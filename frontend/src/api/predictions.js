import { useMutation, useQueryClient } from "@tanstack/react-query";
import { parseServerTiming } from "../lib/serverTiming.js";
import { path } from "./address.js";
import { send } from "./client.js";
import { keys } from "./keys.js";

/**
 * @typedef {"pipelines" | "models"} Runnable
 *
 * @typedef {object} Answer
 * @property {string} text exactly as it came: parsing would round large integers
 * @property {import("../lib/serverTiming.js").Timing[]} timings
 *
 * @typedef {object} Input
 * @property {File | string} body
 * @property {AbortSignal} signal
 */

/**
 * Run a pipeline or a model on one input.
 *
 * @param {Runnable} kind
 * @param {string} name
 * @param {Input} input
 * @returns {Promise<Answer>}
 */
export async function predict(kind, name, { body, signal }) {
  const target = kind === "models" ? path`models/${name}` : path`pipelines/${name}`;
  const response = await send(`${target}/predictions`, {
    method: "POST",
    body,
    contentType: typeof body === "string" ? "application/json" : "application/octet-stream",
    signal,
  });
  return {
    text: await response.text(),
    timings: parseServerTiming(response.headers.get("Server-Timing") ?? ""),
  };
}

/**
 * The same for a form, which shows how it goes.
 *
 * @param {Runnable} kind
 * @param {string} name
 */
export function usePredict(kind, name) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (/** @type {Input} */ input) => predict(kind, name, input),
    // A run starts an idle pipeline and may show that it is broken.
    onSettled: () => void client.invalidateQueries({ queryKey: keys.pipelines }),
  });
}
