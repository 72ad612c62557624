import { Code } from "@mantine/core";
import { useId } from "react";
import { words } from "../../words.js";
import { FailingScript } from "./FailingScript.jsx";
import { StepView } from "./StepView.jsx";
import { segmentsOf } from "./segments.js";
import { TimeBar } from "./TimeBar.jsx";
import { TraceFailure } from "./TraceFailure.jsx";
import classes from "./Xray.module.css";

/** @import { Problem, Trace } from "../../api/types.js" */

/**
 * Shows a script that failed, in place of its frames; `place` shows the innermost one, as it was then.
 *
 * @typedef {object} Failing
 * @property {string} script
 * @property {number} line
 * @property {string} message
 * @property {React.ReactNode} place
 * @property {() => void} onRepaired
 *
 * @typedef {(failing: Failing) => React.ReactNode} RenderScript
 */

/**
 * One run from inside: where its time went, what each step was given and returned, what was printed, and where and why
 * it failed.
 *
 * @param {object} props
 * @param {Trace | null} props.trace null where a call failed before there was anything to tell
 * @param {Problem | null} props.problem
 * @param {RenderScript} [props.renderScript]
 * @param {() => void} [props.onRepaired] told when what `renderScript` shows has mended the script
 */
export function Xray({ trace, problem, renderScript, onRepaired }) {
  const id = useId();
  const printed = trace?.printed ?? problem?.printed;
  return (
    <section aria-labelledby={id} className={classes.xray}>
      <h3 id={id} className={classes.title}>
        {words.trace.title}
      </h3>
      {problem && <TraceFailure problem={problem} />}
      {problem && (
        <FailingScript
          problem={problem}
          frames={trace?.frames ?? []}
          renderScript={renderScript}
          onRepaired={onRepaired}
        />
      )}
      {trace && <TimeBar segments={segmentsOf(trace)} totalMs={trace.totalMs} failed={problem?.step} />}
      {trace && (
        <ol className={classes.steps} aria-label={words.trace.steps}>
          {trace.steps.map((step, index) => (
            <li key={step.step}>
              <StepView step={step} before={trace.steps[index - 1]} hasFailed={problem?.step === step.step} />
            </li>
          ))}
        </ol>
      )}
      {printed && <Printed text={printed} />}
    </section>
  );
}

/**
 * @param {object} props
 * @param {string} props.text
 */
function Printed({ text }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h4 id={id} className={classes.subtitle}>
        {words.trace.printed}
      </h4>
      <Code block className={classes.printed} tabIndex={0}>
        {text.trimEnd()}
      </Code>
    </section>
  );
}
