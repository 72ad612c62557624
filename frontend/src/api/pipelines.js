import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { apiUrl, path } from "./address.js";
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
    queryFn: async ({ signal }) => /** @type {Pipeline[]} */ ((await request("pipelines", { signal })).items),
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
    onSettled: () => void client.invalidateQueries(),
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
    mutationFn: async (/** @type {Change} */ { pipeline, changes, signal }) =>
      /** @type {Pipeline} */ (
        await request(path`pipelines/${pipeline.name}`, {
          method: "PATCH",
          json: changes,
          ifMatch: versionTag(pipeline),
          signal,
        })
      ),
    onSuccess: (changed) => replaceKnown(client, changed),
    onSettled: () => void client.invalidateQueries(),
  });
}

/** Try to start the broken pipeline of a name; its state tells how that ended, which may take as long as its parts' start. */
export function useRetryPipeline() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (/** @type {string} */ name) =>
      /** @type {Pipeline} */ (await request(path`pipelines/${name}/retry`, { method: "POST" })),
    onSuccess: (tried) => replaceKnown(client, tried),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.pipelines }),
  });
}

/** Delete the pipeline of a name. */
export function useDeletePipeline() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (/** @type {string} */ name) => request(path`pipelines/${name}`, { method: "DELETE" }),
    onSettled: () => void client.invalidateQueries(),
  });
}

/**
 * Show what the server answered at once, before the list is read anew.
 *
 * @param {import("@tanstack/react-query").QueryClient} client
 * @param {Pipeline} changed
 */
function replaceKnown(client, changed) {
  client.setQueryData(keys.pipelines, (/** @type {Pipeline[] | undefined} */ known) =>
    known?.map((pipeline) => (pipeline.id === changed.id ? changed : pipeline)),
  );
}

/**
 * @param {string} name
 * @returns {string} the whole address that programs call
 */
export function predictionsUrl(name) {
  return apiUrl(path`pipelines/${name}/predictions`);
}
