import { useEffect, useRef } from "react";

/**
 * Breaks off what a component began: on demand, when something new begins, and when it leaves the page.
 *
 * @returns {{begin: () => AbortSignal, abort: () => void}}
 */
export function useAbort() {
  const current = useRef(/** @type {AbortController | null} */ (null));
  useEffect(() => () => current.current?.abort(), []);
  return {
    begin() {
      current.current?.abort();
      current.current = new AbortController();
      return current.current.signal;
    },
    abort: () => current.current?.abort(),
  };
}
