import { queryOptions, useQuery } from "@tanstack/react-query";
import { send } from "./client.js";

/**
 * @typedef {object} Parameter
 * @property {string} name
 * @property {"path" | "query" | "header"} in
 * @property {string} description
 * @property {boolean} required
 * @property {Schema} schema
 *
 * @typedef {{type?: string, enum?: string[], default?: unknown, examples?: unknown[], $ref?: string, items?: Schema}} Schema
 *
 * @typedef {object} Operation
 * @property {string} operationId
 * @property {string[]} tags
 * @property {string} summary
 * @property {string} description
 * @property {Parameter[]} [parameters]
 * @property {{description?: string, content: Record<string, {schema: Schema}>}} [requestBody]
 * @property {Record<string, {description: string, content?: Record<string, {schema: Schema}>}>} responses
 *
 * @typedef {object} OpenApi
 * @property {{description: string}} info
 * @property {{name: string, description: string}[]} tags
 * @property {Record<string, Record<string, Operation>>} paths
 * @property {{schemas: Record<string, Schema>}} components
 */

const query = queryOptions({
  queryKey: ["openapi"],
  queryFn: async ({ signal }) =>
    /** @type {OpenApi} */ (await (await send("openapi.json", { signal })).json()),
  staleTime: Number.POSITIVE_INFINITY,
});

/** The server's own description of its API. */
export function useOpenApi() {
  return useQuery(query);
}

/**
 * Ask the server and return what it said, as text.
 *
 * @param {string} path below `/api/v1`
 */
export async function tryOut(path) {
  const response = await send(path);
  return response.text();
}
