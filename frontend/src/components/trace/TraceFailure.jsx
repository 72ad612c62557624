import { stepWord } from "../../lib/stepWord.js";
import { words } from "../../words.js";
import { Notice } from "../Notice.jsx";
import classes from "./TraceFailure.module.css";

/** @import { Problem } from "../../api/types.js" */

/**
 * Why a run failed, and in which step.
 *
 * @param {object} props
 * @param {Problem} props.problem
 */
export function TraceFailure({ problem: { step, script, line, detail, exception } }) {
  const place = [step && stepWord(step), script, line && words.failure.line(line)].filter(Boolean).join(", ");
  return (
    <Notice tone="error" title={words.run.failed}>
      <p className={classes.message}>{detail}</p>
      {exception && !detail.includes(exception) && <p className={classes.message}>{exception}</p>}
      {place && <p className={classes.place}>{place}</p>}
    </Notice>
  );
}
