import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { path } from "./address.js";
import { request, versionTag } from "./client.js";
import { keys } from "./keys.js";

/** @import { NewToken, NewUser, OpenSession, Token, User, UserChanges } from "./types.js" */

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

/** Who may sign in by name. */
export function useUsers() {
  return useQuery({
    queryKey: keys.users,
    queryFn: async ({ signal }) => /** @type {User[]} */ ((await request("users", { signal })).items),
  });
}

/** Add a user. */
export function useAddUser() {
  return useChange(
    keys.users,
    async (/** @type {NewUser} */ user) =>
      /** @type {User} */ (await request("users", { method: "POST", json: user })),
  );
}

/** Change a user as one saw it: what is left out stays; refused where somebody was faster. */
export function useChangeUser() {
  return useChange(
    keys.users,
    async (/** @type {{user: User, changes: UserChanges}} */ { user, changes }) =>
      /** @type {User} */ (
        await request(path`users/${user.id}`, { method: "PATCH", json: changes, ifMatch: versionTag(user) })
      ),
  );
}

/** Remove the user of an id. */
export function useRemoveUser() {
  return useChange(keys.users, (/** @type {string} */ id) =>
    request(path`users/${id}`, { method: "DELETE" }),
  );
}

/** Every browser that is signed in now. */
export function useOpenSessions() {
  return useQuery({
    queryKey: keys.openSessions,
    queryFn: async ({ signal }) =>
      /** @type {OpenSession[]} */ ((await request("sessions", { signal })).items),
  });
}

/** End the session of an id. */
export function useEndSession() {
  return useChange(keys.openSessions, (/** @type {string} */ id) =>
    request(path`sessions/${id}`, { method: "DELETE" }),
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
      for (const other of [keys.tokens, keys.users, keys.openSessions, keys.session]) {
        if (other !== key) void client.invalidateQueries({ queryKey: other });
      }
      return client.invalidateQueries({ queryKey: key });
    },
  });
}
