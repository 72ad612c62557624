import { Stack } from "@mantine/core";
import { ApiError } from "../../api/errors.js";
import { words } from "../../words.js";
import { Failure } from "../Failure.jsx";
import { Xray } from "../trace/Xray.jsx";
import { AnswerView } from "./AnswerView.jsx";
import { Comparison } from "./Comparison.jsx";

/** @import { Problem } from "../../api/types.js" */
/** @import { RenderScript } from "../trace/Xray.jsx" */
/** @import { Run } from "./useRuns.js" */

/**
 * What became of one run: its answer or why there is none, and the run from inside.
 *
 * @param {object} props
 * @param {Run} props.run
 * @param {Run} [props.compared]
 * @param {string} props.name
 * @param {RenderScript} [props.renderScript]
 * @param {() => void} [props.onRepaired]
 */
export function RunView({ run, compared, name, renderScript, onRepaired }) {
  const { answer, error } = run;
  const problem = problemOf(error);
  return (
    <Stack gap="lg">
      {answer && <AnswerView text={answer.text} name={name} />}
      {error !== null && !problem && <Failure error={error} title={words.run.failed} />}
      {compared && <Comparison run={run} other={compared} />}
      {(answer?.trace || problem) && (
        <Xray
          trace={answer?.trace ?? problem?.trace ?? null}
          problem={problem}
          renderScript={renderScript}
          onRepaired={onRepaired}
        />
      )}
    </Stack>
  );
}

/**
 * @param {unknown} error
 * @returns {Problem | null} null where the call failed outside of its steps
 */
export function problemOf(error) {
  if (!(error instanceof ApiError) || !error.details.step) return null;
  return /** @type {Problem} */ ({ ...error.details, detail: error.message });
}
