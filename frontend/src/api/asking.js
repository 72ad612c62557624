import { partialMatchKey } from "@tanstack/react-query";
import { ApiError } from "./errors.js";
import { keys } from "./keys.js";

/** @import { Mutation, Query, QueryClient, QueryFunctionContext, QueryKey } from "@tanstack/react-query" */

/** @typedef {"pipelines" | "models" | "resources"} Kind */

/** They tell what is there and how it is called now. */
const LISTS = [keys.pipelines, keys.models, keys.resources];

/**
 * What a query needs that asks about things by their names: it waits while one of their kind is renamed or deleted, and
 * doesn't ask about what isn't there any more.
 *
 * @template T
 * @param {Kind} kind
 * @param {string | null} name null asks about all of them
 * @param {(signal: AbortSignal) => Promise<T>} ask
 */
export function about(kind, name, ask) {
  return {
    meta: { kind },
    queryFn: async (/** @type {QueryFunctionContext} */ { client, signal }) => {
      await settled(client, kind, signal);
      if (name !== null && isGone(client, kind, name)) throw ApiError.gone(name);
      return ask(signal);
    },
  };
}

/**
 * What a mutation needs after which a thing of that kind may have another name, or may be gone.
 *
 * @template V
 * @param {QueryClient} client
 * @param {Kind} kind
 * @param {(variables: V) => boolean} ends tells whether a name ends by it
 */
export function moving(client, kind, ends) {
  return {
    meta: { kind, ends },
    onMutate: async (/** @type {V} */ variables) => {
      // What is on its way would ask for the old name, or bring the new one before this is answered.
      if (ends(variables)) await client.cancelQueries({ predicate: ({ meta }) => meta?.kind === kind });
    },
    onSettled: () => void askAgain(client),
  };
}

/**
 * Ask again for what is on the page and may have changed: first what there is, then, once the page shows that, the rest.
 *
 * @param {QueryClient} client
 * @param {readonly QueryKey[]} [changed] all by default
 */
export async function askAgain(client, changed = [[]]) {
  const isMeant = (/** @type {QueryKey} */ key) => changed.some((prefix) => partialMatchKey(key, prefix));
  void client.invalidateQueries({ predicate: ({ queryKey }) => isMeant(queryKey) && isList(queryKey) });
  // Those included that are on their way for another reason.
  const areComing = { predicate: (/** @type {Query} */ query) => isList(query.queryKey) && isComing(query) };
  await client.refetchQueries(areComing, { cancelRefetch: false });
  await shown();
  await client.invalidateQueries({ predicate: ({ queryKey }) => isMeant(queryKey) && !isList(queryKey) });
}

/**
 * Show what the server answered at once, before the list is read anew.
 *
 * @template {{id: string}} T
 * @param {QueryClient} client
 * @param {Kind} kind
 * @param {T} changed
 */
export function replaceKnown(client, kind, changed) {
  client.setQueryData([kind], (/** @type {T[] | undefined} */ known) =>
    known?.map((item) => (item.id === changed.id ? { ...item, ...changed } : item)),
  );
}

/**
 * @param {QueryClient} client
 * @param {Kind} kind
 * @param {string} name of what was deleted
 */
export function removeKnown(client, kind, name) {
  client.setQueryData([kind], (/** @type {{name: string}[] | undefined} */ known) =>
    known?.filter((item) => item.name !== name),
  );
}

/**
 * @param {QueryClient} client
 * @param {Kind} kind
 * @param {AbortSignal} signal
 */
async function settled(client, kind, signal) {
  const mutations = client.getMutationCache();
  const isMove = (/** @type {Mutation<any, any, any>} */ { state, meta }) =>
    state.status === "pending" &&
    meta?.kind === kind &&
    /** @type {(variables: unknown) => boolean} */ (meta.ends)(state.variables);
  while (mutations.getAll().some(isMove) && !signal.aborted) {
    await new Promise((resolve) => {
      const stop = mutations.subscribe(() => resolve(stop()));
      signal.addEventListener("abort", () => resolve(stop()), { once: true });
    });
    await shown();
  }
}

/**
 * @param {QueryClient} client
 * @param {Kind} kind
 * @param {string} name
 * @returns {boolean} a list that isn't on the page may be old, and tells nothing
 */
function isGone(client, kind, name) {
  const list = client.getQueryCache().find({ queryKey: [kind] });
  const items = list?.isActive() ? /** @type {{name: string}[] | undefined} */ (list.state.data) : undefined;
  return items !== undefined && !items.some((item) => item.name === name);
}

/** @param {QueryKey} key */
function isList(key) {
  return LISTS.some((list) => list.length === key.length && partialMatchKey(key, list));
}

/** @param {Query} query */
function isComing({ state }) {
  return state.fetchStatus === "fetching";
}

/** Resolves when the page shows the answers that have come: they are handed on in a task of their own. */
function shown() {
  return new Promise((resolve) => setTimeout(resolve));
}
