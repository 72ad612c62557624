import { IconPlus } from "@tabler/icons-react";
import classes from "./AddCard.module.css";

/**
 * The dashed card that stands first in a grid; the whole of it is the button.
 *
 * @param {object} props
 * @param {string} props.label
 * @param {string} [props.hint] one quiet line below the label
 * @param {() => void} props.onClick
 */
export function AddCard({ label, hint, onClick }) {
  return (
    <button type="button" className={classes.add} onClick={onClick} aria-label={label}>
      <span className={classes.plus}>
        <IconPlus size={20} stroke={2.2} aria-hidden="true" />
      </span>
      <span className={classes.label}>{label}</span>
      {hint && <span className={classes.hint}>{hint}</span>}
    </button>
  );
}
