import { useSyncExternalStore } from "react";

/**
 * How the page is in touch with the server: `live` hears of each change, `polling` must ask (the server has no stream
 * for it), `offline` got no answer.
 *
 * @typedef {"live" | "polling" | "offline"} Connection
 */

/** What asking costs less often while one hears of changes; it still heals what a lost event left. */
const RARELY = 5;

/** @type {Connection} */
let current = "polling";
/** @type {Set<() => void>} */
const listeners = new Set();

/** @param {Connection} connection */
export function setConnection(connection) {
  if (connection === current) return;
  current = connection;
  for (const listener of listeners) listener();
}

/** @returns {Connection} */
export function useConnection() {
  return useSyncExternalStore(subscribe, () => current);
}

/**
 * How long to wait before asking again.
 *
 * @param {number} ms while one must ask
 */
export function askAfter(ms) {
  return current === "live" ? ms * RARELY : ms;
}

/** @param {() => void} listener */
function subscribe(listener) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
