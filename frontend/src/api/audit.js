import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { apiUrl } from "./address.js";
import { request } from "./client.js";
import { askAfter } from "./connection.js";
import { keys } from "./keys.js";

/** @import { AuditEntry } from "./types.js" */

/**
 * @typedef {object} AuditFilter which entries; empty texts leave all
 * @property {string} q
 * @property {string} actor
 * @property {string} action
 * @property {string} subject
 */

const PAGE = 50;
const CHANGES_MS = 5_000;

/**
 * Who changed what, newest first and page by page. While one looks at the first page new entries come by themselves.
 *
 * @param {AuditFilter} filter
 */
export function useAudit(filter) {
  return useInfiniteQuery({
    queryKey: keys.audit(filter),
    queryFn: async ({ signal, pageParam }) => {
      const query = asked({ ...filter, limit: String(PAGE), cursor: pageParam });
      return /** @type {{items: AuditEntry[], nextCursor: string | null}} */ (
        await request(`audit?${query}`, { signal })
      );
    },
    initialPageParam: "",
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.pages.length === 1 ? askAfter(CHANGES_MS) : false),
  });
}

/**
 * @param {AuditFilter} filter
 * @returns {string} where all of them can be downloaded
 */
export function auditLinesUrl(filter) {
  return apiUrl(`audit/lines?${asked({ ...filter })}`);
}

/** @param {Record<string, string>} parameters */
function asked(parameters) {
  return new URLSearchParams(Object.entries(parameters).filter(([, value]) => value));
}
