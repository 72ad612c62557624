import { Anchor } from "@mantine/core";
import { IconAlertTriangle, IconPlayerPause } from "@tabler/icons-react";
import { Link } from "wouter";
import { Tensors } from "../../../components/TensorList.jsx";
import { modelLink } from "../../../lib/links.js";
import { words } from "../../../words.js";
import classes from "./Flow.module.css";

/** @import { Model, Pipeline, StepName, Tensor } from "../../../api/types.js" */

const text = words.pipelinePage.flow;

/**
 * The three steps on a line, and between them what one hands to the next.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 * @param {Model | undefined} props.model undefined until it is known
 * @param {ReturnType<typeof import("./useAddress.js").useAddress>} props.address
 */
export function Flow({ pipeline, model, address }) {
  const { preProcessing, postProcessing } = pipeline;
  const stepOf = (/** @type {StepName} */ name) => pipeline.steps.find(({ step }) => step === name);
  const source = (/** @type {string | null} */ name) => name && address.linkTo("source", name);
  return (
    <ol className={classes.flow} aria-label={text.label}>
      <Handed title={preProcessing ? text.bytes : text.json} tensors={preProcessing ? [] : model?.inputs} />
      <Step
        name="pre-processing"
        part={preProcessing}
        href={source(preProcessing)}
        step={stepOf("pre-processing")}
      />
      <Handed title={text.inputs} tensors={model?.inputs} />
      <Step
        name="model"
        part={pipeline.model}
        href={modelLink(pipeline.model)}
        step={stepOf("model")}
        isInactive={model?.active === false}
      />
      <Handed title={text.outputs} tensors={model?.outputs} numbered />
      <Step
        name="post-processing"
        part={postProcessing}
        href={source(postProcessing)}
        step={stepOf("post-processing")}
      />
      <Handed title={postProcessing ? text.answer : text.plainAnswer} tensors={[]} last />
    </ol>
  );
}

/**
 * @param {object} props
 * @param {StepName} props.name
 * @param {string | null} props.part null where there is none
 * @param {string | null} props.href
 * @param {import("../../../api/types.js").Step | undefined} props.step
 * @param {boolean} [props.isInactive] a model that somebody deactivated
 */
function Step({ name, part, href, step, isInactive = false }) {
  const isBroken = step?.reason != null && !isInactive;
  return (
    <li className={classes.step} data-missing={part === null} data-broken={isBroken}>
      <div className={classes.label}>{words.steps[name]}</div>
      {part === null || href === null ? (
        <div className={classes.none}>{words.common.none}</div>
      ) : (
        <Anchor component={Link} href={href} className={classes.part}>
          {part}
        </Anchor>
      )}
      {isInactive && (
        <div className={classes.inactive}>
          <IconPlayerPause size={14} aria-hidden="true" /> {words.states.inactive}
        </div>
      )}
      {isBroken && (
        <div className={classes.broken}>
          <IconAlertTriangle size={14} aria-hidden="true" /> {words.states.broken}
        </div>
      )}
    </li>
  );
}

/**
 * @param {object} props
 * @param {string} props.title
 * @param {readonly Tensor[] | undefined} props.tensors
 * @param {boolean} [props.numbered] where they are a list
 * @param {boolean} [props.last]
 */
function Handed({ title, tensors = [], numbered = false, last = false }) {
  return (
    <li className={classes.handed} data-last={last}>
      <div className={classes.label}>{title}</div>
      {tensors.length > 0 && <Tensors tensors={tensors} numbered={numbered} />}
    </li>
  );
}
