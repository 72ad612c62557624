import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { apiUrl, path } from "./address.js";
import { about, askAgain, moving, removeKnown, replaceKnown } from "./asking.js";
import { request, send, versionTag } from "./client.js";
import { askAfter } from "./connection.js";
import { keys } from "./keys.js";
import { upload } from "./upload.js";

/** @import { Model, ReplacedResource, Resource, ResourceKind, ScriptCheck } from "./types.js" */

/** How often environments are looked at again where nobody tells: soon while one is being installed, never once all are. */
const BUILDING_MS = 1_000;
const UNSETTLED_MS = 5_000;

const TEXT = "text/plain; charset=utf-8";

/** All scripts, helper modules and data files, by name, kept up to date while packages are missing. */
export function useResources() {
  return useQuery({
    queryKey: keys.resources,
    ...about("resources", null, async (signal) => {
      return /** @type {Resource[]} */ ((await request("resources", { signal })).items);
    }),
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
    ...about("resources", name, async (signal) => {
      return /** @type {Resource} */ (await request(path`resources/${name}`, { signal }));
    }),
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
    onSettled: () => void askAgain(client, [keys.resources]),
  });
}

/**
 * What the server finds in a script's text, which is neither kept nor run.
 *
 * @param {string} name
 * @param {ResourceKind} kind
 * @param {string} text
 * @param {boolean} enabled
 */
export function useScriptCheck(name, kind, text, enabled) {
  return useQuery({
    queryKey: keys.check(name, kind, text),
    queryFn: async ({ signal }) =>
      /** @type {ScriptCheck} */ (
        await request(`resources/check?${new URLSearchParams({ name, kind })}`, {
          method: "POST",
          body: text,
          contentType: TEXT,
          signal,
        })
      ),
    enabled,
    // The same text is judged alike until packages or modules are added; so it is asked once while one writes.
    staleTime: 10_000,
    gcTime: 10_000,
    refetchOnWindowFocus: false,
    placeholderData: keepPreviousData,
  });
}

/**
 * Give a resource another text, in every pipeline that uses it, which takes as long as their workers' start.
 *
 * @typedef {object} NewText
 * @property {string} text
 * @property {string} ifMatch of what was edited, or `*`
 * @property {AbortSignal} signal
 *
 * @param {string} name
 */
export function useSaveText(name) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (/** @type {NewText} */ { text, ifMatch, signal }) =>
      /** @type {ReplacedResource} */ (
        await request(path`resources/${name}/content`, {
          method: "PUT",
          body: text,
          contentType: TEXT,
          ifMatch,
          signal,
        })
      ),
    // Also after a failure: what was cancelled may have been saved all the same.
    onSettled: () => void askAgain(client),
  });
}

/**
 * Give a resource the content of a file.
 *
 * @typedef {object} NewFile
 * @property {Resource} resource as the reader saw it
 * @property {File} file
 * @property {AbortSignal} signal
 * @property {(fraction: number) => void} onProgress
 */
export function useReplaceResource() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (/** @type {NewFile} */ { resource, file, ...rest }) =>
      /** @type {ReplacedResource} */ (
        await upload(path`resources/${resource.name}/content`, {
          ...rest,
          method: "PUT",
          ifMatch: versionTag(resource),
          files: [file],
        })
      ),
    onSettled: () => void askAgain(client),
  });
}

/** Give a resource another name. */
export function useRenameResource() {
  const client = useQueryClient();
  return useMutation({
    ...moving(client, "resources", () => true),
    mutationFn: async (/** @type {{resource: Resource, name: string}} */ { resource, name }) =>
      /** @type {Resource} */ (
        await request(path`resources/${resource.name}`, {
          method: "PATCH",
          json: { name },
          ifMatch: versionTag(resource),
        })
      ),
    onSuccess: (renamed) => replaceKnown(client, "resources", renamed),
  });
}

/**
 * A script that works with a model's real inputs or outputs, to begin with.
 *
 * @param {Model | null} model
 * @param {"pre-processing" | "post-processing"} step
 */
export function useTemplate(model, step) {
  const name = model?.name ?? "";
  return useQuery({
    queryKey: keys.template(name, step),
    ...about("models", name, async (signal) =>
      (await send(`${path`models/${name}/template`}?${new URLSearchParams({ step })}`, { signal })).text(),
    ),
    enabled: model !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

/** Delete the resource of a name. */
export function useDeleteResource() {
  const client = useQueryClient();
  return useMutation({
    ...moving(client, "resources", () => true),
    mutationFn: (/** @type {string} */ name) => request(path`resources/${name}`, { method: "DELETE" }),
    onSuccess: (_, name) => removeKnown(client, "resources", name),
  });
}

/**
 * @param {string} name
 * @returns {string} where the file can be downloaded
 */
export function resourceContentUrl(name) {
  return apiUrl(path`resources/${name}/content`);
}
