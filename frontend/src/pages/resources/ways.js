import { words } from "../../words.js";

/** @import { Resource } from "../../api/types.js" */

/**
 * How resources are searched and ordered.
 *
 * @type {import("../../components/list/useList.js").Ways<Resource>}
 */
export const WAYS = {
  texts: ({ name, kind, environment, usedBy }) => [
    name,
    words.resources.kinds[kind],
    ...(environment?.requires ?? []),
    ...usedBy,
  ],
  sorts: {
    name: { of: ({ name }) => name },
    created: { of: ({ createdAt }) => Date.parse(createdAt), descending: true },
    kind: { of: ({ kind }) => words.resources.kinds[kind] },
    size: { of: ({ sizeBytes }) => sizeBytes, descending: true },
    used: { of: ({ usedBy }) => usedBy.length, descending: true },
  },
};
