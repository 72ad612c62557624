import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { apiUrl, path } from "./address.js";
import { request } from "./client.js";
import { askAfter } from "./connection.js";
import { keys } from "./keys.js";
import { upload } from "./upload.js";

/** @import { Resource, ResourceKind } from "./types.js" */

/** How often environments are looked at again where nobody tells: soon while one is being installed, never once all are. */
const BUILDING_MS = 1_000;
const UNSETTLED_MS = 5_000;

/** All scripts, helper modules and data files, by name, kept up to date while packages are missing. */
export function useResources() {
  return useQuery({
    queryKey: keys.resources,
    queryFn: async ({ signal }) => /** @type {Resource[]} */ ((await request("resources", { signal })).items),
    refetchInterval: ({ state: { data } }) => {
      const states = new Set(data?.map(({ environment }) => environment?.state));
      if (states.has("building")) return askAfter(BUILDING_MS);
      return states.has("failed") || states.has("absent") ? askAfter(UNSETTLED_MS) : false;
    },
  });
}

/**
 * One resource with its text.
 *
 * @param {string} name
 */
export function useResource(name) {
  return useQuery({
    queryKey: keys.resource(name),
    queryFn: async ({ signal }) =>
      /** @type {Resource} */ (await request(path`resources/${name}`, { signal })),
  });
}

/**
 * Upload a resource.
 *
 * @typedef {object} NewResource
 * @property {ResourceKind | null} kind null lets the server choose by the file's name
 * @property {File} file
 * @property {AbortSignal} signal
 * @property {(fraction: number) => void} onProgress
 */
export function useAddResource() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (/** @type {NewResource} */ { kind, file, ...rest }) =>
      upload("resources", { ...rest, files: [file], fields: kind ? { kind } : {} }),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.resources }),
  });
}

/** Delete the resource of a name. */
export function useDeleteResource() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (/** @type {string} */ name) => request(path`resources/${name}`, { method: "DELETE" }),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.resources }),
  });
}

/**
 * @param {string} name
 * @returns {string} where the file can be downloaded
 */
export function resourceContentUrl(name) {
  return apiUrl(path`resources/${name}/content`);
}
