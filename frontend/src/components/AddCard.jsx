import { IconPlus } from "@tabler/icons-react";
import { useId } from "react";
import classes from "./AddCard.module.css";

/**
 * The dashed card that stands first in a grid; the whole of it is the button.
 *
 * @param {object} props
 * @param {string} props.label
 * @param {string} [props.hint] a quiet remark below the label
 * @param {() => void} props.onClick
 */
export function AddCard({ label, hint, onClick }) {
  const id = useId();
  return (
    <div className={classes.add}>
      <button type="button" className={classes.button} onClick={onClick} aria-describedby={hint && id}>
        <span className={classes.plus}>
          <IconPlus size={20} stroke={2.2} aria-hidden="true" />
        </span>
        <span className={classes.label}>{label}</span>
      </button>
      {hint && (
        <p id={id} className={classes.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}
