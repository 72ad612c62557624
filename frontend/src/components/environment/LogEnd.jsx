import { useEffect, useRef } from "react";
import { useEnvironmentLog } from "../../api/environments.js";
import { words } from "../../words.js";
import classes from "./LogEnd.module.css";

/** @import { Environment } from "../../api/types.js" */

const LINES = 40;

/**
 * The last lines of what an installation said, scrolled to its end; nothing where it said nothing.
 *
 * @param {object} props
 * @param {Environment} props.environment
 */
export function LogEnd({ environment }) {
  const log = useEnvironmentLog(environment).data?.trimEnd();
  const frame = useRef(/** @type {HTMLElement | null} */ (null));
  const end = log?.split("\n").slice(-LINES).join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines come in below.
  useEffect(() => {
    if (frame.current) frame.current.scrollTop = frame.current.scrollHeight;
  }, [end]);
  if (!end) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section ref={frame} aria-label={words.environments.log} className={classes.log} tabIndex={0}>
      <pre>{end}</pre>
    </section>
  );
}
