import { IconUpload } from "@tabler/icons-react";
import { useEffect, useEffectEvent, useState } from "react";
import classes from "./PageDrop.module.css";

/**
 * Lets files be dropped anywhere on a page, and shows that it does while some are held over it.
 *
 * @param {object} props
 * @param {string} props.text what dropping does
 * @param {(files: File[]) => void} props.onFiles
 */
export function PageDrop({ text, onFiles }) {
  const [over, setOver] = useState(false);
  const take = useEffectEvent(onFiles);
  useEffect(() => {
    const enter = (/** @type {DragEvent} */ event) => {
      setOver(isOurs(event));
      if (isOurs(event)) event.preventDefault();
    };
    const leave = (/** @type {DragEvent} */ event) => {
      // Going from one element to the next is told as leaving too; only leaving the window has nowhere to go to.
      if (!event.relatedTarget) setOver(false);
    };
    const drop = (/** @type {DragEvent} */ event) => {
      setOver(false);
      if (!isOurs(event)) return;
      // Else the browser would show the file in place of the page.
      event.preventDefault();
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) take(files);
    };
    const listeners = /** @type {const} */ ([
      ["dragenter", enter],
      ["dragover", enter],
      ["dragleave", leave],
      ["drop", drop],
    ]);
    for (const [name, listener] of listeners) window.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of listeners) window.removeEventListener(name, listener);
    };
  }, []);
  if (!over) return null;
  return (
    <div className={classes.over}>
      <div className={classes.text}>
        <IconUpload size={24} stroke={1.7} aria-hidden="true" />
        {text}
      </div>
    </div>
  );
}

/**
 * @param {DragEvent} event
 * @returns {boolean} whether files are held, and not over a field that takes them itself
 */
function isOurs({ dataTransfer, target }) {
  const isField = target instanceof HTMLInputElement && target.type === "file";
  return !isField && Boolean(dataTransfer?.types.includes("Files"));
}
