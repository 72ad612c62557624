/** @import { Model } from "../../api/types.js" */

/**
 * How models are searched and ordered.
 *
 * @type {import("../../components/list/useList.js").Ways<Model>}
 */
export const WAYS = {
  texts: ({ name, description, fileName, inputs, outputs, usedBy }) => [
    name,
    description,
    fileName,
    ...[...inputs, ...outputs].map((tensor) => tensor.name),
    ...usedBy,
  ],
  sorts: {
    name: { of: ({ name }) => name },
    created: { of: ({ createdAt }) => Date.parse(createdAt), descending: true },
    state: { of: ({ active }) => Number(!active), descending: true },
    size: { of: ({ sizeBytes }) => sizeBytes, descending: true },
    used: { of: ({ usedBy }) => usedBy.length, descending: true },
  },
};
