import { VisuallyHidden } from "@mantine/core";
import { words } from "../words.js";
import classes from "./StepRail.module.css";

/** @import { Pipeline, StepName } from "../api/types.js" */

/**
 * The three steps of a pipeline as dots on a vertical line, each with what runs in it.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 */
export function StepRail({ pipeline }) {
  const broken = new Set(pipeline.steps.filter((step) => !step.ready).map((step) => step.step));
  /** @type {[StepName, string | null][]} */
  const rail = [
    ["pre-processing", pipeline.preProcessing],
    ["model", pipeline.model],
    ["post-processing", pipeline.postProcessing],
  ];
  return (
    <ol className={classes.rail} aria-label={words.steps.label}>
      {rail.map(([step, name]) => (
        <li key={step} className={classes.step} data-missing={name === null} data-broken={broken.has(step)}>
          <VisuallyHidden>{words.steps[step]}: </VisuallyHidden>
          <span className={classes.name}>{name ?? words.common.none}</span>
        </li>
      ))}
    </ol>
  );
}
