import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { hasCode } from "./errors.js";
import { keys } from "./keys.js";

/**
 * Make the store of answers. An answer of 401 anywhere means that the session ended, which shows the sign-in page; one
 * of 403 may mean that somebody gave one another role.
 *
 * What changes something invalidates answers without waiting for the new ones (`void`): a card that was deleted would
 * be gone before it could say so.
 *
 * @returns {QueryClient}
 */
export function makeQueryClient() {
  const onError = (/** @type {unknown} */ error) => {
    if (hasCode(error, "not-signed-in")) client.setQueryData(keys.session, null);
    if (hasCode(error, "not-allowed")) void client.invalidateQueries({ queryKey: keys.session });
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // The server may be on this very machine, so the browser's idea of being offline means nothing.
        networkMode: "always",
        retry: (failures, error) => failures < 1 && hasCode(error, "unreachable"),
        retryDelay: 500,
        refetchOnWindowFocus: true,
        staleTime: 1_000,
      },
      mutations: { networkMode: "always" },
    },
  });
  return client;
}
