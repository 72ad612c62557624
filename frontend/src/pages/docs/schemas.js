/** @import { Parameter, Schema } from "../../api/openapi.js" */

/**
 * What kind of value a schema is of, in a word or two.
 *
 * @param {Schema} schema
 * @returns {string}
 */
export function typeOf(schema) {
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.type === "array" && schema.items) return `${typeOf(schema.items)}[]`;
  return schema.type ?? "";
}

/**
 * The example that a schema or the one that it refers to has.
 *
 * @param {Schema} schema
 * @param {Record<string, Schema>} schemas by name
 * @returns {unknown}
 */
export function exampleOf(schema, schemas) {
  const found = schema.$ref ? schemas[nameOf(schema.$ref)] : schema;
  return found?.examples?.[0];
}

/** @param {string} ref */
function nameOf(ref) {
  return ref.split("/").at(-1) ?? ref;
}

/**
 * The address of a question below `/api/v1`.
 *
 * @param {string} path such as `/models/{name}`
 * @param {Parameter[]} parameters
 * @param {Record<string, string>} given by name; what is empty is left out of the query
 * @returns {string}
 */
export function addressOf(path, parameters, given) {
  const filled = path.replace(/{(\w+)}/g, (_, name) => encodeURIComponent(given[name] ?? ""));
  const query = new URLSearchParams();
  for (const { name, in: place } of parameters) {
    if (place === "query" && given[name]) query.set(name, given[name]);
  }
  return filled.slice(1) + (query.size ? `?${query}` : "");
}
