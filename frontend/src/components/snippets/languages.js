import { csharp } from "./csharp.js";
import { curl } from "./curl.js";
import { java } from "./java.js";
import { nodeRed } from "./nodeRed.js";
import { python } from "./python.js";
import { tritonclient } from "./tritonclient.js";

/** @import { Call } from "./call.js" */

/**
 * How a call is written in each language, in the order of their tabs; names of products need no translation.
 *
 * @type {{id: string, title: string, write: (call: Call) => string}[]}
 */
export const languages = [
  { id: "curl", title: "curl", write: curl },
  { id: "python", title: "Python", write: python },
  { id: "csharp", title: "C#", write: csharp },
  { id: "java", title: "Java", write: java },
  { id: "tritonclient", title: "tritonclient", write: tritonclient },
  { id: "node-red", title: "Node-RED", write: nodeRed },
];
