import { layOutJson } from "../../lib/json.js";
import { indented, quoted, TOKEN_VARIABLE } from "./call.js";

/** @import { Call } from "./call.js" */

/**
 * @param {Call} call
 * @returns {string} for the standard library, so that nothing need be installed
 */
export function python({ url, contentType, file, json }) {
  const body = file === null ? `json.dumps(${literal(json)}).encode()` : `Path(${quoted(file)}).read_bytes()`;
  return `import json
import os
${file === null ? "" : "from pathlib import Path\n"}from urllib.error import HTTPError
from urllib.request import Request, urlopen

request = Request(
    ${quoted(url)},
    data=${indented(body, "    ")},
    headers={
        "Authorization": f"Bearer {os.environ['${TOKEN_VARIABLE}']}",
        "Content-Type": ${quoted(contentType)},
    },
)
try:
    with urlopen(request) as response:
        print(json.load(response))
except HTTPError as error:
    raise SystemExit(error.read().decode())  # which step failed, and why
`;
}

/**
 * @param {unknown} value
 * @returns {string} as Python spells it
 */
export function literal(value) {
  const text = layOutJson(JSON.stringify(value));
  return text.replace(/"(?:[^"\\]|\\.)*"|false/g, (token) => (token === "false" ? "False" : token));
}
