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
      <Tensors tensors={tensors} labelledBy={id} />
    </div>
  );
}

/**
 * The same without a label of its own.
 *
 * @param {object} props
 * @param {readonly import("../api/types.js").Tensor[]} props.tensors
 * @param {string} [props.labelledBy]
 * @param {boolean} [props.numbered] where a script gets them as a list
 */
export function Tensors({ tensors, labelledBy, numbered = false }) {
  return (
    <ul className={classes.tensors} aria-labelledby={labelledBy}>
      {tensors.map((tensor, place) => (
        <li key={tensor.name}>
          {numbered && <span className={classes.shape}>[{place}] </span>}
          <span className={classes.name}>{tensor.name}</span>{" "}
          <span className={classes.shape}>
            {tensor.datatype ?? tensor.type} {formatShape(tensor)}
          </span>
        </li>
      ))}
    </ul>
  );
}
