import { useLocation, useSearch } from "wouter";
import { pipelineLink } from "../../../lib/links.js";

export const TABS = /** @type {const} */ ([
  "try",
  "source",
  "failures",
  "figures",
  "call",
  "files",
  "settings",
]);

/** @typedef {typeof TABS[number]} Tab */

/**
 * What the address says of where one is on a pipeline's page, and the way to go elsewhere on it.
 *
 * @param {string} name of the pipeline
 */
export function useAddress(name) {
  const [, navigate] = useLocation();
  const params = new URLSearchParams(useSearch());
  const asked = params.get("tab");
  const linkTo = (/** @type {Tab} */ tab, /** @type {string | null} */ item = null) => {
    const search = new URLSearchParams(tab === TABS[0] ? {} : { tab });
    if (item) search.set("item", item);
    return pipelineLink(name) + (search.size ? `?${search}` : "");
  };
  return {
    tab: TABS.find((known) => known === asked) ?? TABS[0],
    /** Which of the tab's things is open: a script, a failure, a file. */
    item: params.get("item"),
    linkTo,
    // In place of the last address: one stays on the page, at the height where one is.
    go: (/** @type {Tab} */ tab, /** @type {string | null} */ item = null) =>
      navigate(linkTo(tab, item), { replace: true }),
  };
}
