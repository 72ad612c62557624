import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { request } from "./client.js";
import { hasCode } from "./errors.js";
import { keys } from "./keys.js";

/** @import { Session, System } from "./types.js" */

const systemQuery = queryOptions({
  queryKey: keys.system,
  queryFn: async ({ signal }) => /** @type {System} */ (await request("system", { signal })),
});

/** Who is signed in; null where nobody is. */
export function useSession() {
  return useQuery({
    queryKey: keys.session,
    queryFn: async ({ signal }) => {
      try {
        return /** @type {Session} */ (await request("session", { signal }));
      } catch (error) {
        if (hasCode(error, "not-signed-in")) return null;
        throw error;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Tell whether the signed-in one may change things. */
export function useMayChange() {
  return useSession().data?.role === "ADMIN";
}

/** Sign in by a one-time code or by an API token. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (/** @type {{code: string} | {token: string}} */ secret) =>
      request("session", { method: "POST", json: secret }),
    onSuccess: (session) => client.setQueryData(keys.session, session),
  });
}

/** End the session; what was loaded is forgotten. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request("session", { method: "DELETE" }),
    onSuccess: () => {
      client.setQueryData(keys.session, null);
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== keys.session[0] });
    },
  });
}

/** The same with what changes by itself: the room on the disk. */
export function useHealth() {
  return useQuery({ ...systemQuery, staleTime: 10_000, refetchInterval: 60_000 });
}

/** Limits and versions of the server. */
export function useSystem() {
  return useQuery({ ...systemQuery, staleTime: Number.POSITIVE_INFINITY });
}
