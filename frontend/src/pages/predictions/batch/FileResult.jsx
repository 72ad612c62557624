import { Button, Title } from "@mantine/core";
import { useId } from "react";
import { Failure } from "../../../components/Failure.jsx";
import { AnswerView } from "../../../components/run/AnswerView.jsx";
import { InputPreview } from "../../../components/run/InputPreview.jsx";
import { StepTimes } from "../../../components/run/StepTimes.jsx";
import { formatBytes, formatDuration } from "../../../lib/format.js";
import { words } from "../../../words.js";
import classes from "./Outcome.module.css";
import { RunState } from "./RunState.jsx";

/** @import { BatchItem } from "./useBatch.js" */

const text = words.batch;

/**
 * What became of one file: what was sent, and the answer or why there is none.
 *
 * @param {object} props
 * @param {BatchItem} props.item
 * @param {() => void} props.onRun
 * @param {() => void} props.onCancel
 */
export function FileResult({ item: { load, state, result, error, tookMs }, onRun, onCancel }) {
  const id = useId();
  const { file } = load;
  const isUnderWay = state === "running" || state === "waiting";
  return (
    <section className={classes.result} aria-labelledby={id}>
      <div>
        <Title id={id} order={2} className={classes.resultTitle}>
          {file.name}
        </Title>
        <div className={classes.resultHead}>
          <RunState state={state} />
          <span>{formatBytes(file.size)}</span>
          {tookMs !== undefined && <span>{text.took(formatDuration(tookMs))}</span>}
          {isUnderWay && (
            <Button size="compact-xs" variant="default" onClick={onCancel}>
              {words.common.cancel}
            </Button>
          )}
          {(state === "failed" || state === "cancelled") && (
            <Button size="compact-xs" variant="default" onClick={onRun}>
              {words.common.retry}
            </Button>
          )}
        </div>
      </div>
      <InputPreview content={file} />
      {state === "failed" && <Failure error={error} title={words.run.failed} />}
      {result && (
        <div>
          <AnswerView text={result.text} name={file.name} />
          <StepTimes timings={result.timings} />
        </div>
      )}
    </section>
  );
}
