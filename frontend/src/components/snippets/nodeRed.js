import { layOutJson } from "../../lib/json.js";
import { indented, quoted, TOKEN_VARIABLE } from "./call.js";

/** @import { Call } from "./call.js" */

const ROW_PX = 100;
const COLUMN_PX = 200;

/**
 * @param {Call} call
 * @returns {string} a flow to import: a button, what is sent, the call, its answer in the debug window
 */
export function nodeRed({ url, contentType, file, json }) {
  const headers = [
    "msg.headers = {",
    `    "Authorization": "Bearer " + env.get("${TOKEN_VARIABLE}"),`,
    `    "Content-Type": ${quoted(contentType)}`,
    "};",
  ];
  const payload = file === null ? [`msg.payload = ${indented(layOutJson(JSON.stringify(json)), "")};`] : [];
  const nodes = [
    { type: "inject", name: "Predict" },
    {
      type: "function",
      name: "Token and input",
      func: [...headers, ...payload, "return msg;"].join("\n"),
      outputs: 1,
    },
    ...(file === null
      ? []
      : [{ type: "file in", name: "", filename: file, filenameType: "str", format: "", encoding: "none" }]),
    { type: "http request", name: "Sluice", method: "POST", ret: "obj", paytoqs: "ignore", url },
    { type: "debug", name: "Answer", active: true, tosidebar: true, complete: "payload" },
  ];
  const id = (/** @type {number} */ place) => `sluice-${place}`;
  const flow = nodes.map(({ type, ...rest }, place) => ({
    id: id(place),
    type,
    ...rest,
    x: 120 + place * COLUMN_PX,
    y: ROW_PX,
    wires: place < nodes.length - 1 ? [[id(place + 1)]] : [],
  }));
  return `${JSON.stringify(flow, null, 2)}\n`;
}
