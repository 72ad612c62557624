import { Button } from "@mantine/core";
import { words } from "../../words.js";
import { Notice } from "../Notice.jsx";
import { PipelineLinks } from "../PipelineLinks.jsx";
import classes from "./SaveOutcome.module.css";

/** @import { StepName } from "../../api/types.js" */

/**
 * @typedef {object} Breaking a pipeline that doesn't load with what was to be saved
 * @property {string} [pipeline]
 * @property {string} message
 * @property {StepName} [step]
 * @property {string} [script]
 * @property {number} [line]
 * @property {string} [exception]
 * @property {string} [printed]
 */

const text = words.editor;

/**
 * Why nothing was changed: each pipeline that would have broken, with the step and the line.
 *
 * @param {object} props
 * @param {string} props.name of the file
 * @param {Breaking[]} props.pipelines
 * @param {(line: number) => void} [props.onGoTo]
 */
export function Broken({ name, pipelines, onGoTo }) {
  return (
    <Notice tone="error" title={text.wouldBreak(pipelines.length)}>
      <ul className={classes.broken}>
        {pipelines.map(({ pipeline, message, step, script, line, printed }) => (
          <li key={pipeline}>
            {pipeline && <PipelineLinks names={[pipeline]} />}
            {step && <span>: {words.steps[step]}</span>}
            {script && <span>, {script}</span>}
            {line &&
              (script === name && onGoTo ? (
                <Button size="compact-xs" variant="default" ml={8} onClick={() => onGoTo(line)}>
                  {text.goToLine(line)}
                </Button>
              ) : (
                <span>, {words.failure.line(line)}</span>
              ))}
            <p className={classes.reason}>{message}</p>
            {printed && (
              <p className={classes.reason}>
                {words.failure.printed}: {printed}
              </p>
            )}
          </li>
        ))}
      </ul>
      <p className={classes.reason}>{text.nothingChanged}</p>
    </Notice>
  );
}
