import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { apiUrl, path } from "./address.js";
import { request } from "./client.js";
import { keys } from "./keys.js";
import { upload } from "./upload.js";

/** @import { Model } from "./types.js" */

/** All models, by name. */
export function useModels() {
  return useQuery({
    queryKey: keys.models,
    queryFn: async ({ signal }) => /** @type {Model[]} */ ((await request("models", { signal })).items),
  });
}

/**
 * Upload a model, with its data files where it has external data.
 *
 * @typedef {object} NewModel
 * @property {string} name empty for the file's stem
 * @property {readonly File[]} files
 * @property {AbortSignal} signal
 * @property {(fraction: number) => void} onProgress
 */
export function useAddModel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (/** @type {NewModel} */ { name, ...rest }) =>
      upload("models", { ...rest, fields: name ? { name } : {} }),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.models }),
  });
}

/** Delete the model of a name. */
export function useDeleteModel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (/** @type {string} */ name) => request(path`models/${name}`, { method: "DELETE" }),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.models }),
  });
}

/**
 * @param {string} name
 * @returns {string} where the model's file can be downloaded
 */
export function modelContentUrl(name) {
  return apiUrl(path`models/${name}/content`);
}
