import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { path } from "./address.js";
import { request } from "./client.js";
import { keys } from "./keys.js";

/** @import { NewToken, Token } from "./types.js" */

/** API tokens without their secrets, oldest first. */
export function useTokens() {
  return useQuery({
    queryKey: keys.tokens,
    queryFn: async ({ signal }) => /** @type {Token[]} */ ((await request("tokens", { signal })).items),
  });
}

/** Make a token; the answer is the only one that ever has its secret. */
export function useMakeToken() {
  return useChange(
    keys.tokens,
    async (/** @type {NewToken} */ token) =>
      /** @type {Token & {secret: string}} */ (await request("tokens", { method: "POST", json: token })),
  );
}

/** Revoke the token of an id, and end every session that it opened. */
export function useRevokeToken() {
  return useChange(keys.tokens, (/** @type {string} */ id) =>
    request(path`tokens/${id}`, { method: "DELETE" }),
  );
}

/**
 * What changes one kind of access; the others follow from it, one's own session included.
 *
 * @template V, T
 * @param {readonly string[]} key
 * @param {(variables: V) => Promise<T>} mutationFn
 */
function useChange(key, mutationFn) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSettled: () => {
      // Its own list before one is told that it is done, the rest meanwhile.
      for (const other of [keys.tokens, keys.session]) {
        if (other !== key) void client.invalidateQueries({ queryKey: other });
      }
      return client.invalidateQueries({ queryKey: key });
    },
  });
}
