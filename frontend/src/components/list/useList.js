import { useDeferredValue, useMemo } from "react";
import { words } from "../../words.js";
import { arrange, search } from "./arrange.js";
import { useArrangement } from "./useArrangement.js";

/** @import { SortValue } from "./arrange.js" */
/** @import { Arrangement } from "./useArrangement.js" */

/**
 * How the things of a page can be searched and ordered. Make it outside of the component, so that it stays the same.
 *
 * @template T
 * @typedef {object} Ways
 * @property {(item: T) => readonly (string | null)[]} texts what is searched
 * @property {Record<string, {of: (item: T) => SortValue, descending?: boolean}>} sorts by name, a key of
 *   `words.list.sorts`; the first is the default; `descending` ones begin with the largest
 */

/**
 * @template T
 * @typedef {Arrangement & {
 *   total: number | undefined,
 *   shown: readonly T[],
 *   searched: string,
 *   sorts: string[],
 *   change: (change: Partial<Arrangement>) => void,
 *   sortBy: (sort: string) => void,
 *   count: (words: (n: number) => string) => string | undefined,
 * }} List
 */

/**
 * A page's things as somebody wants to see them.
 *
 * @template T
 * @param {string} page names what is remembered of it
 * @param {readonly T[] | undefined} items undefined until they are there
 * @param {Ways<T>} ways
 * @returns {List<T>} `shown` are those in which `searched` was found, in order, a moment after `query` was written; `sortBy` orders by that, the other way round if it is so already; `count`
 *   says for the header how many there are
 */
export function useList(page, items, { texts, sorts }) {
  const [arrangement, change] = useArrangement(page, sorts);
  const { sort, descending } = arrangement;
  // Hundreds of cards may be slower than one types.
  const searched = useDeferredValue(arrangement.query.trim());
  const ordered = useMemo(
    () => arrange(items ?? [], sorts[sort].of, descending),
    [items, sorts, sort, descending],
  );
  const shown = useMemo(() => search(ordered, searched, texts), [ordered, searched, texts]);
  return {
    ...arrangement,
    total: items?.length,
    shown,
    searched,
    sorts: Object.keys(sorts),
    change,
    sortBy: (next) =>
      change({ sort: next, descending: next === sort ? !descending : Boolean(sorts[next].descending) }),
    count: (all) =>
      items && (searched ? words.list.some(shown.length, all(items.length)) : all(items.length)),
  };
}
