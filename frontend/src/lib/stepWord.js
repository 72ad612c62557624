import { words } from "../words.js";

/**
 * @param {string} step as the API has it
 * @returns {string} as people are told it; an unknown one as it is
 */
export function stepWord(step) {
  const known = /** @type {Record<string, unknown>} */ (words.steps)[step];
  return typeof known === "string" ? known : step;
}
