import { useId } from "react";
import { formatShape } from "../lib/format.js";
import classes from "./TensorList.module.css";

/**
 * Tensors with their datatypes and shapes; many of them scroll.
 *
 * @param {object} props
 * @param {string} props.label
 * @param {readonly import("../api/types.js").Tensor[]} props.tensors
 */
export function TensorList({ label, tensors }) {
  const id = useId();
  return (
    <div className={classes.group}>
      <div id={id} className={classes.label}>
        {label}
      </div>
      <ul className={classes.tensors} aria-labelledby={id}>
        {tensors.map((tensor) => (
          <li key={tensor.name}>
            <span className={classes.name}>{tensor.name}</span>{" "}
            <span className={classes.shape}>
              {tensor.datatype ?? tensor.type} {formatShape(tensor)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
