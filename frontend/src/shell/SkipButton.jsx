import { words } from "../words.js";
import classes from "./Shell.module.css";

/** The first thing that the keyboard reaches: past all that stands on every page. */
export function SkipButton() {
  return (
    <button
      type="button"
      className={classes.skip}
      onClick={() => document.getElementById("content")?.focus()}
    >
      {words.shell.skip}
    </button>
  );
}
