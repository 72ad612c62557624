import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { apiUrl, path } from "./address.js";
import { about, askAgain, moving, removeKnown, replaceKnown } from "./asking.js";
import { request, versionTag } from "./client.js";
import { askAfter } from "./connection.js";
import { keys } from "./keys.js";

/** @import { Pipeline, NewPipeline, PipelineChanges } from "./types.js" */

/** How often states are looked at again where nobody tells: soon while one starts or installs, else now and then. */
const STARTING_MS = 1_000;
const SETTLED_MS = 5_000;

/** All pipelines, by name, kept up to date. */
export function usePipelines() {
  return useQuery({
    queryKey: keys.pipelines,
    ...about("pipelines", null, async (signal) => {
      return /** @type {Pipeline[]} */ ((await request("pipelines", { signal })).items);
    }),
    refetchInterval: ({ state: { data } }) =>
      data?.some(({ state, environment }) => state === "starting" || environment?.state === "building")
        ? askAfter(STARTING_MS)
        : askAfter(SETTLED_MS),
  });
}

/** Add a pipeline; its parts are loaded first, so this takes as long as a worker's start. */
export function useAddPipeline() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (/** @type {{pipeline: NewPipeline, signal: AbortSignal}} */ { pipeline, signal }) =>
      request("pipelines", { method: "POST", json: pipeline, signal }),
    // Also after a failure: one that was cancelled may have been saved all the same.
    onSettled: () => void askAgain(client),
  });
}

/**
 * Change a version of a pipeline, which takes as long as its parts' start; refused where somebody was faster.
 *
 * @typedef {object} Change
 * @property {Pipeline} pipeline as one saw it
 * @property {PipelineChanges} changes
 * @property {AbortSignal} [signal]
 */
export function useChangePipeline() {
  const client = useQueryClient();
  return useMutation({
    ...moving(client, "pipelines", (/** @type {Change} */ { changes }) => changes.name !== undefined),
    mutationFn: async (/** @type {Change} */ { pipeline, changes, signal }) =>
      /** @type {Pipeline} */ (
        await request(path`pipelines/${pipeline.name}`, {
          method: "PATCH",
          json: changes,
          ifMatch: versionTag(pipeline),
          signal,
        })
      ),
    onSuccess: (changed) => replaceKnown(client, "pipelines", changed),
  });
}

/** Try to start the broken pipeline of a name; its state tells how that ended, which may take as long as its parts' start. */
export function useRetryPipeline() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (/** @type {string} */ name) =>
      /** @type {Pipeline} */ (await request(path`pipelines/${name}/retry`, { method: "POST" })),
    onSuccess: (tried) => replaceKnown(client, "pipelines", tried),
    onSettled: () => void askAgain(client, [keys.pipelines]),
  });
}

/** Delete the pipeline of a name. */
export function useDeletePipeline() {
  const client = useQueryClient();
  return useMutation({
    ...moving(client, "pipelines", () => true),
    mutationFn: (/** @type {string} */ name) => request(path`pipelines/${name}`, { method: "DELETE" }),
    onSuccess: (_, name) => removeKnown(client, "pipelines", name),
  });
}

/**
 * @param {string} name
 * @returns {string} the whole address that programs call
 */
export function predictionsUrl(name) {
  return apiUrl(path`pipelines/${name}/predictions`);
}
