/** @import { OpenSession, Token, User } from "../../api/types.js" */

/**
 * @param {string | null} at
 * @returns {number | null}
 */
const time = (at) => (at === null ? null : Date.parse(at));

/**
 * How tokens are searched and ordered.
 *
 * @type {import("../../components/list/useList.js").Ways<Token>}
 */
export const TOKENS = {
  texts: ({ name, role, pipelines }) => [name, role, ...(pipelines ?? [])],
  sorts: {
    made: { of: ({ createdAt }) => time(createdAt) },
    name: { of: ({ name }) => name },
    lastUsed: { of: ({ lastUsedAt }) => time(lastUsedAt), descending: true },
    expires: { of: ({ expiresAt }) => time(expiresAt) },
  },
};

/**
 * How users are.
 *
 * @type {import("../../components/list/useList.js").Ways<User>}
 */
export const USERS = {
  texts: ({ name, role, pipelines }) => [name, role, ...(pipelines ?? [])],
  sorts: {
    created: { of: ({ createdAt }) => time(createdAt) },
    name: { of: ({ name }) => name },
    signedIn: { of: ({ lastUsedAt }) => time(lastUsedAt), descending: true },
  },
};

/**
 * How sessions are.
 *
 * @type {import("../../components/list/useList.js").Ways<OpenSession>}
 */
export const SESSIONS = {
  texts: ({ name, role }) => [name, role],
  sorts: {
    since: { of: ({ createdAt }) => time(createdAt), descending: true },
    name: { of: ({ name }) => name },
  },
};
