import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { apiUrl, path } from "./address.js";
import { about, askAgain, moving, removeKnown, replaceKnown } from "./asking.js";
import { request, versionTag } from "./client.js";
import { keys } from "./keys.js";
import { upload } from "./upload.js";

/** @import { Model, ReplacedModel } from "./types.js" */

/** All models, by name. */
export function useModels() {
  return useQuery({
    queryKey: keys.models,
    ...about("models", null, async (signal) => {
      return /** @type {Model[]} */ ((await request("models", { signal })).items);
    }),
  });
}

/**
 * Upload a model, with its data files where it has external data.
 *
 * @typedef {object} NewModel
 * @property {string} name empty for the file's stem
 * @property {string} description
 * @property {readonly File[]} files
 * @property {AbortSignal} signal
 * @property {(fraction: number) => void} onProgress
 */
export function useAddModel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (/** @type {NewModel} */ { name, description, ...rest }) => {
      const fields = filled({ name: name.trim(), description: description.trim() });
      return /** @type {Model} */ (await upload("models", { ...rest, fields }));
    },
    onSettled: () => void askAgain(client, [keys.models]),
  });
}

/**
 * Rename, describe, activate or deactivate a model.
 *
 * @typedef {object} ModelEdit
 * @property {Model} model as it was when the change was thought of
 * @property {{name?: string, description?: string, active?: boolean}} changes
 */
export function useEditModel() {
  const client = useQueryClient();
  return useMutation({
    // Its pipelines tell its name, and stand or fall with it.
    ...moving(client, "models", (/** @type {ModelEdit} */ { changes }) => changes.name !== undefined),
    mutationFn: async (/** @type {ModelEdit} */ { model, changes }) =>
      /** @type {Model} */ (
        await request(path`models/${model.name}`, {
          method: "PATCH",
          json: changes,
          ifMatch: versionTag(model),
        })
      ),
    onSuccess: (edited) => replaceKnown(client, "models", edited),
  });
}

/**
 * Give a model other content; its pipelines use it from then on.
 *
 * @typedef {object} NewContent
 * @property {Model} model
 * @property {readonly File[]} files
 * @property {AbortSignal} signal
 * @property {(fraction: number) => void} onProgress
 */
export function useReplaceModel() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (/** @type {NewContent} */ { model, ...rest }) =>
      /** @type {ReplacedModel} */ (
        await upload(path`models/${model.name}/content`, {
          method: "PUT",
          ifMatch: versionTag(model),
          ...rest,
        })
      ),
    onSettled: () => void askAgain(client),
  });
}

/** Delete the model of a name. */
export function useDeleteModel() {
  const client = useQueryClient();
  return useMutation({
    ...moving(client, "models", () => true),
    mutationFn: (/** @type {string} */ name) => request(path`models/${name}`, { method: "DELETE" }),
    onSuccess: (_, name) => removeKnown(client, "models", name),
  });
}

/**
 * @param {string} name
 * @returns {string} where the model's file can be downloaded
 */
export function modelContentUrl(name) {
  return apiUrl(path`models/${name}/content`);
}

/**
 * @param {string} name
 * @returns {string} where programs send a model's inputs
 */
export function modelPredictionsUrl(name) {
  return apiUrl(path`models/${name}/predictions`);
}

/**
 * @param {Record<string, string>} fields
 * @returns {Record<string, string>} those in which something stands
 */
function filled(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value));
}
