import { Tooltip } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { words } from "../words.js";
import classes from "./StateBadge.module.css";

/** @import { PipelineState } from "../api/types.js" */

/**
 * A pipeline's state as a word with its colour.
 *
 * @param {object} props
 * @param {PipelineState} props.state
 */
export function StateBadge({ state }) {
  return (
    <Tooltip label={words.states.hints[state]}>
      <span className={classes.state} data-state={state}>
        {state === "broken" ? (
          <IconAlertTriangle size={14} aria-hidden="true" />
        ) : (
          <span className={classes.dot} aria-hidden="true" />
        )}
        {words.states[state]}
      </span>
    </Tooltip>
  );
}
