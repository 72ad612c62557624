import { layOutJson } from "../../lib/json.js";
import { TOKEN_VARIABLE } from "./call.js";

/** @import { Call } from "./call.js" */

/**
 * @param {Call} call
 * @returns {string} for a POSIX shell
 */
export function curl({ url, contentType, file, json }) {
  // A file's name that starts with @ or - or has a comma needs nothing more: curl takes all behind the @ as it is.
  const data = file === null ? layOutJson(JSON.stringify(json)) : `@${file}`;
  return [
    "curl --silent --show-error",
    `    --header "Authorization: Bearer $${TOKEN_VARIABLE}"`,
    `    --header "Content-Type: ${contentType}"`,
    `    --data-binary ${shellWord(data)}`,
    `    ${shellWord(url)}`,
  ].join(" \\\n");
}

/**
 * @param {string} text
 * @returns {string} quoted where a shell would read something into it
 */
function shellWord(text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
