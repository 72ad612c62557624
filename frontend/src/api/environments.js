import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { apiUrl, path } from "./address.js";
import { askAgain } from "./asking.js";
import { request, send } from "./client.js";
import { keys } from "./keys.js";

/** @import { Environment } from "./types.js" */

const BUILDING_MS = 1_000;

/**
 * What the last installation said, read again while it goes on.
 *
 * @param {Environment} environment
 */
export function useEnvironmentLog(environment) {
  return useQuery({
    queryKey: keys.environmentLog(environment),
    queryFn: async ({ signal }) => (await send(environment.log, { signal })).text(),
    refetchInterval: environment.state === "building" ? BUILDING_MS : false,
    placeholderData: keepPreviousData,
  });
}

/** Begin to install the environment of a key anew. */
export function useRebuildEnvironment() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (/** @type {string} */ key) => request(path`environments/${key}/rebuild`, { method: "POST" }),
    onSettled: () => void askAgain(client),
  });
}

/**
 * @param {Environment} environment
 * @returns {string} where the whole log can be read
 */
export function environmentLogUrl(environment) {
  return apiUrl(environment.log);
}
