import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import classes from "./Settings.module.css";

/**
 * What a list is about, and the button that adds to it.
 *
 * @param {object} props
 * @param {string} props.explain
 * @param {string} [props.add] the button's label
 * @param {() => void} [props.onAdd]
 */
export function PartHead({ explain, add, onAdd }) {
  return (
    <div className={classes.head}>
      <p className={classes.explain}>{explain}</p>
      {add && (
        <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={onAdd}>
          {add}
        </Button>
      )}
    </div>
  );
}
