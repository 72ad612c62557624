import { formatLimit } from "../../../lib/format.js";
import { showNetwork } from "../../../lib/network.js";
import { words } from "../../../words.js";

/** @import { Network, System } from "../../../api/types.js" */
/** @import { Field } from "./editing.js" */

const text = words.pipelinePage;

/**
 * Write the value of a field for people.
 *
 * @param {Field} field
 * @param {unknown} value
 * @param {System} [system] tells what holds where nothing is set
 * @returns {string}
 */
export function showValue(field, value, system) {
  if (typeof value === "boolean") return value ? text.yes : text.no;
  if (field === "network" && isNetwork(value)) return showNetwork(value);
  if (field === "variables") return showVariables(value);
  if (Array.isArray(value)) return value.join(", ") || words.common.none;
  if (value !== null && value !== "" && value !== undefined) return withUnit(field, value);
  const byDefault = system && serverDefault(field, system);
  return byDefault ?? words.common.none;
}

/**
 * @param {Field} field
 * @param {System} system
 * @returns {string | undefined} what holds where the field isn't set, e.g. `30 s by default`
 */
export function serverDefault(field, system) {
  const value = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (system))[field];
  if (field === "network" && isNetwork(value)) return text.byDefault(showNetwork(value));
  return typeof value === "number" ? text.byDefault(withUnit(field, value)) : undefined;
}

/**
 * @param {unknown} value
 * @returns {value is Network}
 */
function isNetwork(value) {
  return Array.isArray(value) || typeof value === "string";
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function showVariables(value) {
  const variables = Object.entries(/** @type {Record<string, string>} */ (value ?? {}));
  return variables.map(([name, content]) => `${name}=${content}`).join(", ") || words.common.none;
}

/**
 * @param {Field} field
 * @param {unknown} value
 * @returns {string}
 */
export function withUnit(field, value) {
  if (field === "deadlineS") return `${value} s`;
  if (field === "memoryMb" || field === "scratchMb") return `${value} MiB`;
  return field === "maxAnswerBytes" ? formatLimit(Number(value)) : String(value);
}
