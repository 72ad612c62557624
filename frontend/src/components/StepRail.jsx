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
  return (
    <ol className={classes.rail} aria-label={words.steps.label}>
      {railOf(pipeline).map(({ step, name, isBroken }) => (
        <li key={step} className={classes.step} data-missing={name === null} data-broken={isBroken}>
          <VisuallyHidden>{words.steps[step]}: </VisuallyHidden>
          <span className={classes.name}>{name ?? words.common.none}</span>
        </li>
      ))}
    </ol>
  );
}

/**
 * @param {Pipeline} pipeline
 * @returns {{step: StepName, name: string | null, isBroken: boolean}[]} always three, `name` null where nothing runs
 */
export function railOf({ preProcessing, model, postProcessing, steps }) {
  const broken = new Set(steps.filter(({ ready }) => !ready).map(({ step }) => step));
  /** @type {[StepName, string | null][]} */
  const rail = [
    ["pre-processing", preProcessing],
    ["model", model],
    ["post-processing", postProcessing],
  ];
  return rail.map(([step, name]) => ({ step, name, isBroken: broken.has(step) }));
}
