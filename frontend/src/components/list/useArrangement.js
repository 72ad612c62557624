import { useLocalStorage } from "@mantine/hooks";
import { useSearchParams } from "wouter";

/**
 * @typedef {"cards" | "table"} View
 *
 * @typedef {object} Arrangement how somebody wants to see a page's list
 * @property {string} query
 * @property {string} sort
 * @property {boolean} descending
 * @property {View} view
 *
 * @typedef {{sort?: string, order?: string, view?: string}} Kept
 */

/** Stays the same object, or the hook would read the storage again each time. */
const NOTHING = /** @type {Kept} */ ({});

/**
 * How a page's list is searched, ordered and shown. It stands in the address, so that it can be shared and the
 * browser's Back finds it again. Order and view are also remembered for the next visit; what was searched is not, or
 * one would come back to a list in which things are missing.
 *
 * @param {string} page names what is remembered
 * @param {Record<string, {descending?: boolean}>} sorts by name, the first is the default; those that begin with the largest are `descending`
 * @returns {[Arrangement, (change: Partial<Arrangement>) => void]}
 */
export function useArrangement(page, sorts) {
  const [params, setParams] = useSearchParams();
  const [kept, keep] = useLocalStorage({
    key: `sluice-list-${page}`,
    defaultValue: NOTHING,
    getInitialValueInEffect: false,
  });
  // What is stored is whatever an older page or somebody's own hand left there.
  const remembered = kept !== null && typeof kept === "object" ? kept : NOTHING;

  const asked = params.get("sort") ?? remembered.sort ?? "";
  const sort = Object.hasOwn(sorts, asked) ? asked : Object.keys(sorts)[0];
  const order = params.has("sort") || params.has("order") ? params.get("order") : remembered.order;
  /** @type {Arrangement} */
  const arrangement = {
    query: params.get("q") ?? "",
    sort,
    descending: order === "desc" || (order !== "asc" && Boolean(sorts[sort].descending)),
    view: (params.get("view") ?? remembered.view) === "table" ? "table" : "cards",
  };

  const change = (/** @type {Partial<Arrangement>} */ changed) => {
    const next = { ...arrangement, ...changed };
    const entry = { sort: next.sort, order: next.descending ? "desc" : "asc", view: next.view };
    if (Object.keys(changed).some((key) => key !== "query")) keep(entry);
    setParams(
      (current) => {
        const written = new URLSearchParams(current);
        if (next.query) written.set("q", next.query);
        else written.delete("q");
        if ("sort" in changed || "descending" in changed) {
          written.set("sort", entry.sort);
          written.set("order", entry.order);
        }
        if ("view" in changed) written.set("view", entry.view);
        return written;
      },
      { replace: true },
    );
  };
  return [arrangement, change];
}
