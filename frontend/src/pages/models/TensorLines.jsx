import { formatShape } from "../../lib/format.js";
import { words } from "../../words.js";
import classes from "./TensorLines.module.css";

/** @import { Tensor } from "../../api/types.js" */

/** More inputs or outputs than this are in the details. */
const SHOWN = 3;

/**
 * What a model takes and gives, short enough for a card.
 *
 * @param {object} props
 * @param {Tensor[]} props.inputs
 * @param {Tensor[]} props.outputs
 */
export function TensorLines({ inputs, outputs }) {
  return (
    <>
      <Lines label={words.models.inputs} tensors={inputs} />
      <Lines label={words.models.outputs} tensors={outputs} />
    </>
  );
}

/**
 * @param {object} props
 * @param {string} props.label
 * @param {Tensor[]} props.tensors
 */
function Lines({ label, tensors }) {
  return (
    <div className={classes.group}>
      <div className={classes.label}>{label}</div>
      {tensors.slice(0, SHOWN).map((tensor) => (
        <TensorLine key={tensor.name} tensor={tensor} />
      ))}
      {tensors.length > SHOWN && (
        <div className={classes.more}>{words.models.more(tensors.length - SHOWN)}</div>
      )}
    </div>
  );
}

/**
 * One input or output: its name, datatype and shape.
 *
 * @param {object} props
 * @param {Tensor} props.tensor
 */
export function TensorLine({ tensor }) {
  return (
    <div className={classes.tensor}>
      <span className={classes.name}>{tensor.name}</span>
      <span className={classes.shape}>
        {tensor.datatype ?? tensor.type} {formatShape(tensor)}
      </span>
    </div>
  );
}
