import { IconAlertTriangle, IconBan, IconCheck, IconClock, IconLoader2 } from "@tabler/icons-react";
import { words } from "../../../words.js";
import classes from "./Outcome.module.css";

/** @import { BatchItem } from "./useBatch.js" */

/** @type {Record<BatchItem["state"], React.ComponentType<any>>} */
const ICONS = {
  new: IconClock,
  waiting: IconClock,
  running: IconLoader2,
  done: IconCheck,
  failed: IconAlertTriangle,
  cancelled: IconBan,
};

/**
 * How one file is doing, as a word with its colour.
 *
 * @param {object} props
 * @param {BatchItem["state"]} props.state
 */
export function RunState({ state }) {
  const Icon = ICONS[state];
  return (
    <span className={classes.state} data-state={state}>
      <Icon size={14} aria-hidden="true" />
      {words.batch.states[state]}
    </span>
  );
}
