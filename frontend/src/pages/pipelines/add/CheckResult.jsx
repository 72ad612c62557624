import { Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { AnswerView } from "../../../components/run/AnswerView.jsx";
import { Xray } from "../../../components/trace/Xray.jsx";
import { words } from "../../../words.js";
import { RepairScript } from "../page/RepairScript.jsx";
import classes from "./CheckPanel.module.css";

/** @import { Checked } from "../../../api/checks.js" */

const text = words.check;

/**
 * What came of a check: the answer, or which step failed and why, with its script at hand; and the run from inside.
 *
 * @param {object} props
 * @param {Checked} props.result
 * @param {string} props.name of the pipeline, for the file of the answer
 * @param {() => void} props.onRepaired told when the failing script was saved
 */
export function CheckResult({ result, name, onRepaired }) {
  const { ok, ran, sample, problem, outputText, trace } = result;
  return (
    <>
      {ok && (
        <div role="status">
          <div className={classes.good}>
            <IconCircleCheck size={18} aria-hidden="true" />
            {ran ? text.ran : text.loaded}
          </div>
          <Text size="sm" c="dimmed" mt={2}>
            {sample ? text.samples[sample] : text.notRun} {text.notAdded}
          </Text>
        </div>
      )}
      {!ok && <Text size="sm">{text.notAddedBroken}</Text>}
      {outputText !== null && <AnswerView text={outputText} name={name.trim() || words.run.answer} />}
      {(trace || problem) && (
        <Xray
          trace={trace}
          problem={problem}
          onRepaired={onRepaired}
          renderScript={({ script, line, message, onRepaired: onSaved }) => (
            <RepairScript script={script} line={line} message={message} onSaved={onSaved} />
          )}
        />
      )}
    </>
  );
}
