import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";

/**
 * @typedef {object} LeaveGuard
 * @property {boolean} asks an answer is awaited
 * @property {() => void} stay
 * @property {() => void} leave
 */

/** In place of a link: the browser's own Back. */
const BACK = "back";

/**
 * Asks before somebody leaves by a link or the Back button, closes the tab or loads the page anew.
 *
 * @param {boolean} isGuarded
 * @returns {LeaveGuard}
 */
export function useLeaveGuard(isGuarded) {
  const [target, setTarget] = useState(/** @type {HTMLAnchorElement | typeof BACK | null} */ (null));
  const [, navigate] = useLocation();
  const isLeaving = useRef(false);

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
    const { pathname } = window.location;
    let here = window.location.href;
    const onMove = () => {
      here = window.location.href;
    };
    const onBack = (/** @type {PopStateEvent} */ event) => {
      if (isLeaving.current || window.location.pathname === pathname) return;
      // The browser is there already, the page isn't: nobody else hears of it, and the address is put back.
      event.stopImmediatePropagation();
      window.history.pushState(null, "", here);
      setTarget(BACK);
    };
    window.addEventListener("popstate", onBack, true);
    window.addEventListener("replaceState", onMove);
    window.addEventListener("beforeunload", onUnload);
    // Before the link itself gets it.
    document.addEventListener("click", onClick, true);
    return () => {
      window.removeEventListener("popstate", onBack, true);
      window.removeEventListener("replaceState", onMove);
      window.removeEventListener("beforeunload", onUnload);
      document.removeEventListener("click", onClick, true);
    };
  }, [isGuarded]);

  return {
    asks: target !== null,
    stay: () => setTarget(null),
    leave: () => {
      setTarget(null);
      isLeaving.current = true;
      if (target === BACK) window.history.back();
      else if (target) navigate(pathBelowBase(target));
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
