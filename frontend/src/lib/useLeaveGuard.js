import { useEffect, useState } from "react";
import { useLocation } from "wouter";

/**
 * @typedef {object} LeaveGuard
 * @property {boolean} asks an answer is awaited
 * @property {() => void} stay
 * @property {() => void} leave
 */

/**
 * Asks before somebody leaves by a link, closes the tab or loads the page anew.
 *
 * @param {boolean} isGuarded
 * @returns {LeaveGuard}
 */
export function useLeaveGuard(isGuarded) {
  const [target, setTarget] = useState(/** @type {HTMLAnchorElement | null} */ (null));
  const [, navigate] = useLocation();

  useEffect(() => {
    if (!isGuarded) return;
    const onUnload = (/** @type {BeforeUnloadEvent} */ event) => event.preventDefault();
    const onClick = (/** @type {MouseEvent} */ event) => {
      const link = event.target instanceof Element && event.target.closest("a");
      if (!link || !leads(link, event)) return;
      event.preventDefault();
      event.stopPropagation();
      setTarget(link);
    };
    window.addEventListener("beforeunload", onUnload);
    // Before the link itself gets it.
    document.addEventListener("click", onClick, true);
    return () => {
      window.removeEventListener("beforeunload", onUnload);
      document.removeEventListener("click", onClick, true);
    };
  }, [isGuarded]);

  return {
    asks: target !== null,
    stay: () => setTarget(null),
    leave: () => {
      setTarget(null);
      if (target) navigate(pathBelowBase(target));
    },
  };
}

/**
 * Tell whether a click on a link takes this tab to another page of ours.
 *
 * @param {HTMLAnchorElement} link
 * @param {MouseEvent} event
 * @returns {boolean}
 */
function leads(link, event) {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return false;
  if (link.hasAttribute("download") || (link.target && link.target !== "_self")) return false;
  return link.origin === window.location.origin && link.pathname !== window.location.pathname;
}

/**
 * @param {HTMLAnchorElement} link
 * @returns {string} its address as the router counts it
 */
function pathBelowBase(link) {
  const base = new URL(document.baseURI).pathname.replace(/\/+$/, "");
  return link.pathname.slice(base.length) + link.search;
}
