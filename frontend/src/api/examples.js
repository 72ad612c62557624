import { useMutation, useQueryClient } from "@tanstack/react-query";
import { askAgain } from "./asking.js";
import { request } from "./client.js";

/**
 * @typedef {object} LoadedExample
 * @property {string} pipeline
 * @property {boolean} created false where it was there before
 * @property {Record<string, any> | null} problem why it isn't there now
 */

/** Load the examples that the server brings along; each is loaded in a worker, so this takes some seconds. */
export function useLoadExamples() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (/** @type {AbortSignal} */ signal) =>
      /** @type {LoadedExample[]} */ ((await request("examples", { method: "POST", signal })).items),
    onSettled: () => void askAgain(client),
  });
}
