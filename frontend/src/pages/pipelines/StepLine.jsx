import { VisuallyHidden } from "@mantine/core";
import { railOf } from "../../components/StepRail.jsx";
import { words } from "../../words.js";
import classes from "./StepLine.module.css";

/**
 * The three steps of a pipeline in one line, as in a table's row.
 *
 * @param {object} props
 * @param {import("../../api/types.js").Pipeline} props.pipeline
 */
export function StepLine({ pipeline }) {
  return (
    <ol className={classes.line} aria-label={words.steps.label}>
      {railOf(pipeline).map(({ step, name, isBroken }) => (
        <li key={step} className={classes.step} data-missing={name === null} data-broken={isBroken}>
          <VisuallyHidden>{words.steps[step]}: </VisuallyHidden>
          {name ?? words.common.none}
        </li>
      ))}
    </ol>
  );
}
