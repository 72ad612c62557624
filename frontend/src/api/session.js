import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { apiUrl } from "./address.js";
import { request } from "./client.js";
import { hasCode } from "./errors.js";
import { keys } from "./keys.js";

/** @import { Session, System, Ways } from "./types.js" */

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

/** In which ways one can sign in, for who isn't yet. */
export function useWays() {
  return useQuery({
    queryKey: keys.ways,
    queryFn: async ({ signal }) => /** @type {Ways} */ (await request("session/ways", { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Tell whether whoever reaches the server may do everything, also where one is signed in. */
export function useIsOpenToAll() {
  const session = useSession().data;
  const ways = useWays().data;
  return session?.by === "nobody" || ways?.noAuth === true;
}

/** @returns {string} where signing in with the company's own sign-in begins */
export function oidcUrl() {
  return apiUrl("session/oidc");
}

/** Sign in by a one-time code, an API token, or name and password. */
export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (
      /** @type {{code: string} | {token: string} | {name: string, password: string}} */ secret,
    ) => /** @type {Session} */ (await request("session", { method: "POST", json: secret })),
    onSuccess: (session) => client.setQueryData(keys.session, session),
  });
}

/** Change one's own password. */
export function useChangePassword() {
  return useMutation({
    mutationFn: (/** @type {{current: string, new: string}} */ passwords) =>
      request("session/password", { method: "PUT", json: passwords }),
  });
}

/** End the session; what was loaded is forgotten. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => request("session", { method: "DELETE" }),
    onSuccess: () => {
      const ways = /** @type {Ways | undefined} */ (client.getQueryData(keys.ways));
      // Where nobody has to sign in one is nobody then.
      if (ways?.noAuth) {
        void client.invalidateQueries();
        return;
      }
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
