import { Switch } from "@mantine/core";
import { words } from "../../words.js";
import classes from "./ActiveSwitch.module.css";

/** @import { Model } from "../../api/types.js" */

const text = words.models;

/**
 * Whether a model answers, as a switch with its word; for those who may not change it, the word alone.
 *
 * @param {object} props
 * @param {Model} props.model
 * @param {((active: boolean) => void) | null} props.onChange null where it may not be changed
 */
export function ActiveSwitch({ model: { name, active, usedBy }, onChange }) {
  const word = active ? text.active : text.inactive;
  return (
    <div className={classes.line} data-active={active}>
      {onChange ? (
        <Switch
          size="xs"
          className={classes.switch}
          checked={active}
          onChange={(event) => onChange(event.currentTarget.checked)}
          aria-label={text.activeOf(name)}
          label={<span aria-hidden="true">{word}</span>}
        />
      ) : (
        <span className={classes.word}>{word}</span>
      )}
      {!active && usedBy.length > 0 && <span className={classes.stopped}>{text.stopped(usedBy.length)}</span>}
    </div>
  );
}
