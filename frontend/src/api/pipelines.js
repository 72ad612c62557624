import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { path } from "./address.js";
import { request } from "./client.js";
import { askAfter } from "./connection.js";
import { keys } from "./keys.js";

/** @import { Pipeline, NewPipeline } from "./types.js" */

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

/** Try to start the broken pipeline of a name; its state tells how that ended, which may take as long as its parts' start. */
export function useRetryPipeline() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (/** @type {string} */ name) =>
      /** @type {Pipeline} */ (await request(path`pipelines/${name}/retry`, { method: "POST" })),
    onSuccess: (tried) =>
      client.setQueryData(keys.pipelines, (/** @type {Pipeline[] | undefined} */ known) =>
        known?.map((pipeline) => (pipeline.id === tried.id ? tried : pipeline)),
      ),
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
