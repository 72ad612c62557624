import { Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconPlayerPause } from "@tabler/icons-react";
import { words } from "../words.js";
import classes from "./StateBadge.module.css";

/** @import { PipelineState } from "../api/types.js" */

/** The states that a dot doesn't tell well enough. */
const ICONS = { broken: IconAlertTriangle, inactive: IconPlayerPause };

/**
 * A pipeline's state as a word with its colour.
 *
 * @param {object} props
 * @param {PipelineState} props.state
 */
export function StateBadge({ state }) {
  const Icon = state === "broken" || state === "inactive" ? ICONS[state] : null;
  return (
    <Tooltip label={words.states.hints[state]}>
      <span className={classes.state} data-state={state}>
        {Icon ? <Icon size={14} aria-hidden="true" /> : <span className={classes.dot} aria-hidden="true" />}
        {words.states[state]}
      </span>
    </Tooltip>
  );
}
