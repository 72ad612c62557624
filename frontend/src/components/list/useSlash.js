import { useEffect } from "react";

/**
 * Lets `/` move the focus into a field, unless somebody is writing elsewhere or a dialog is open.
 *
 * @param {React.RefObject<HTMLElement | null>} field
 */
export function useSlash(field) {
  useEffect(() => {
    const onKey = (/** @type {KeyboardEvent} */ event) => {
      // By what it writes, not by the key: on many keyboards the slash needs Shift.
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented)
        return;
      if (isWriting(event.target) || document.querySelector('[role="dialog"]')) return;
      event.preventDefault();
      field.current?.focus();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [field]);
}

/**
 * @param {EventTarget | null} target
 * @returns {boolean}
 */
function isWriting(target) {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
