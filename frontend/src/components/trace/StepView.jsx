import { IconAlertTriangle } from "@tabler/icons-react";
import { useId } from "react";
import { formatDuration } from "../../lib/format.js";
import { stepWord } from "../../lib/stepWord.js";
import { words } from "../../words.js";
import classes from "./StepView.module.css";
import { ValueLine, ValueView } from "./ValueView.jsx";

/** @import { TraceStep, ValueFacts } from "../../api/types.js" */

/**
 * One step of a run: what it was given and what it returned.
 *
 * @param {object} props
 * @param {TraceStep} props.step
 * @param {TraceStep} [props.before]
 * @param {boolean} props.hasFailed
 */
export function StepView({ step, before, hasFailed }) {
  const id = useId();
  const sameAsBefore = before?.returned && JSON.stringify(before.returned) === JSON.stringify(step.given);
  return (
    <section aria-labelledby={id}>
      <header className={classes.head}>
        <h4 id={id} className={classes.name} data-failed={hasFailed}>
          {hasFailed && <IconAlertTriangle size={16} aria-hidden="true" />}
          {stepWord(step.step)}
        </h4>
        <span className={classes.time}>{formatDuration(step.ms)}</span>
        {hasFailed && <span className={classes.failed}>{words.trace.failedHere}</span>}
      </header>
      {(step.given || step.returned) && (
        <div className={classes.values}>
          <Values title={words.trace.given} values={step.given} isShort={Boolean(sameAsBefore)} />
          <Values
            title={words.trace.returned}
            values={step.returned}
            missing={hasFailed ? words.trace.nothingReturned : words.trace.unknown}
          />
        </div>
      )}
    </section>
  );
}

/**
 * @param {object} props
 * @param {string} props.title
 * @param {ValueFacts[]} [props.values]
 * @param {string} [props.missing] said where there are none
 * @param {boolean} [props.isShort] one line each, as they were told in full above
 */
function Values({ title, values, missing = words.trace.unknown, isShort = false }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={classes.side}>
      <h5 id={id} className={classes.way}>
        {title}
        {isShort && <span> {words.trace.asAbove}</span>}
      </h5>
      {!values && <p className={classes.nothing}>{missing}</p>}
      {values?.map((value, index) =>
        isShort ? (
          <ValueLine key={value.name ?? index} value={value} />
        ) : (
          <ValueView key={value.name ?? index} value={value} />
        ),
      )}
    </section>
  );
}
