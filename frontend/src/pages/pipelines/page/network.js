/** @import { Network } from "../../../api/types.js" */

/** What can be chosen for a pipeline; `default` is as the server has it. */
export const CHOICES = /** @type {const} */ (["default", "off", "open", "ports"]);

/**
 * @typedef {object} NetworkValues what a form holds
 * @property {typeof CHOICES[number]} choice
 * @property {string} ports as somebody writes them, `443, 5432`
 */

/**
 * @param {Network | null} network
 * @returns {NetworkValues}
 */
export function networkValues(network) {
  if (Array.isArray(network)) return { choice: "ports", ports: network.join(", ") };
  return { choice: network ?? "default", ports: "" };
}

/**
 * @param {NetworkValues} values
 * @returns {Network | null}
 */
export function networkOf({ choice, ports }) {
  if (choice === "default") return null;
  return choice === "ports" ? (parsePorts(ports) ?? []) : choice;
}

/**
 * @param {string} text
 * @returns {number[] | null} null where it isn't one port or more by comma
 */
export function parsePorts(text) {
  const parts = text
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map(Number);
  const areValid = parts.every((port) => Number.isInteger(port) && port >= 1 && port <= 65535);
  return parts.length > 0 && areValid ? [...new Set(parts)].sort((one, other) => one - other) : null;
}
