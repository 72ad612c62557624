import { words } from "../../words.js";

/** @import { AuditEntry } from "../../api/types.js" */

const text = words.audit;

/**
 * What was done, in words.
 *
 * @param {AuditEntry} entry
 * @returns {{verb: string, name: string}} of the thing; empty where it was done to none
 */
export function sentenceOf({ action, subject }) {
  return {
    verb: /** @type {Record<string, string>} */ (text.actions)[action] ?? action,
    name: subject?.name ?? "",
  };
}

/**
 * All that an entry tells beside what, who and when.
 *
 * @param {AuditEntry} entry
 * @returns {[label: string, value: string][]}
 */
export function factsOf({ action, actor, address, dialect, requestId, detail }) {
  const { changes = {}, ...others } = detail;
  /** @type {[string, string][]} */
  const facts = [
    ...Object.entries(changes).map(([key, change]) => pair(key, changed(change))),
    ...Object.entries(others).map(([key, value]) => pair(key, written(value))),
    [text.by, /** @type {Record<string, string>} */ (text.ways)[actor.by] ?? actor.by],
  ];
  if (address) facts.push([text.address, address]);
  if (dialect) facts.push([text.dialect, text.dialects[dialect] ?? dialect]);
  facts.push([text.request, requestId], [text.action, action]);
  return facts;
}

/**
 * @param {string} key
 * @param {string} value
 * @returns {[string, string]}
 */
function pair(key, value) {
  return [/** @type {Record<string, string>} */ (text.keys)[key] ?? key, value];
}

/** @param {{from?: unknown, to?: unknown, names?: string[]}} change */
function changed({ from, to, names }) {
  return names ? names.join(", ") : text.fromTo(written(from), written(to));
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function written(value) {
  if (value === null || value === undefined || value === "") return words.common.unset;
  if (Array.isArray(value)) return value.length ? value.map(written).join(", ") : words.common.none;
  if (typeof value === "boolean") return value ? text.yes : text.no;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
