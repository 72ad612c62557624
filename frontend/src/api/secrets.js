import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { path } from "./address.js";
import { about, askAgain } from "./asking.js";
import { request } from "./client.js";
import { keys } from "./keys.js";

/** @typedef {{name: string, setAt: string}} Secret its value is never told */

/**
 * Which secrets a pipeline's workers are given.
 *
 * @param {string} name of the pipeline
 */
export function useSecrets(name) {
  return useQuery({
    queryKey: keys.secrets(name),
    ...about("pipelines", name, async (signal) => {
      return /** @type {Secret[]} */ ((await request(path`pipelines/${name}/secrets`, { signal })).items);
    }),
  });
}

/**
 * Set a secret, or give it another value.
 *
 * @param {string} pipeline its name
 */
export function useSetSecret(pipeline) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (/** @type {{name: string, value: string}} */ { name, value }) =>
      request(path`pipelines/${pipeline}/secrets/${name}`, { method: "PUT", json: { value } }),
    onSettled: () => askAgain(client, [keys.secrets(pipeline), keys.pipelines]),
  });
}

/**
 * Remove the secret of a name.
 *
 * @param {string} pipeline its name
 */
export function useRemoveSecret(pipeline) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (/** @type {string} */ name) =>
      request(path`pipelines/${pipeline}/secrets/${name}`, { method: "DELETE" }),
    onSettled: () => askAgain(client, [keys.secrets(pipeline), keys.pipelines]),
  });
}
