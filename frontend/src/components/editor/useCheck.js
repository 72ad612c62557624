import { useDebouncedValue } from "@mantine/hooks";
import { useScriptCheck } from "../../api/resources.js";

/** @import { ResourceKind, ScriptProblem } from "../../api/types.js" */

const PAUSE_MS = 400;
/** @type {ScriptProblem[]} */
const NONE = [];

/**
 * @typedef {object} Check
 * @property {readonly ScriptProblem[]} problems
 * @property {"off" | "checking" | "checked" | "unchecked"} state
 */

/**
 * What is wrong with a script, asked whenever one pauses.
 *
 * @param {string} name
 * @param {ResourceKind} kind
 * @param {string} text
 * @param {boolean} mayChange who may only read isn't told
 * @returns {Check}
 */
export function useCheck(name, kind, text, mayChange) {
  const [settled] = useDebouncedValue(text, PAUSE_MS);
  const enabled = mayChange && kind !== "data";
  const { data, isError, isPlaceholderData } = useScriptCheck(name, kind, settled, enabled);
  if (!enabled) return { problems: NONE, state: "off" };
  if (isError) return { problems: NONE, state: "unchecked" };
  const isCurrent = data !== undefined && !isPlaceholderData && settled === text;
  return { problems: data?.problems ?? NONE, state: isCurrent ? "checked" : "checking" };
}
