import { words } from "../words.js";

/**
 * @param {import("../api/types.js").Network} network
 * @returns {string} e.g. `off`, `ports 443 and 5432 only`
 */
export function showNetwork(network) {
  return typeof network === "string" ? words.network[network] : words.network.ports(network);
}
