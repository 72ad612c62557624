import { Stack, Text } from "@mantine/core";
import { useEffect, useId, useRef } from "react";
import { Failure } from "../../../components/Failure.jsx";
import { Notice } from "../../../components/Notice.jsx";
import { UploadProgress } from "../../../components/UploadProgress.jsx";
import { words } from "../../../words.js";
import classes from "./CheckPanel.module.css";
import { CheckResult } from "./CheckResult.jsx";
import { SampleInput } from "./SampleInput.jsx";

/** @import { Tensor } from "../../../api/types.js" */
/** @import { DraftValues } from "./draft.js" */
/** @import { DraftCheck } from "./useDraftCheck.js" */

const text = words.check;

/**
 * The check of what the form holds: on what it runs, how it goes and what came of it.
 *
 * @param {object} props
 * @param {DraftCheck} props.check
 * @param {DraftValues} props.values
 * @param {readonly Tensor[]} props.inputs of the model, none while none is chosen
 */
export function CheckPanel({ check, values, inputs }) {
  const id = useId();
  const panel = useRef(/** @type {HTMLElement | null} */ (null));
  const { isPending, error, result } = check;
  useEffect(() => {
    // On a narrow screen it stands below all fields.
    if (isPending) panel.current?.scrollIntoView({ block: "nearest" });
  }, [isPending]);
  const hasInput = check.sample.source === "file" || check.sample.source === "json";
  return (
    <section ref={panel} aria-labelledby={id} className={classes.panel}>
      <Text id={id} component="h3" fw={600} m={0}>
        {text.title}
      </Text>
      <Text size="sm" c="dimmed" mb="sm">
        {text.hint}
      </Text>
      <SampleInput
        sample={check.sample}
        onChoose={check.choose}
        missing={check.missing}
        takesBytes={values.preProcessing !== null}
        inputs={inputs}
        dataFiles={values.dataFiles}
      />
      <Stack mt="md">
        {isPending && <UploadProgress fraction={hasInput ? check.fraction : 1} afterwards={text.running} />}
        {!isPending && (error || result) && check.isStale(values) && (
          <Notice tone="warning">{text.stale}</Notice>
        )}
        {!isPending && error ? <Failure error={error} title={text.notChecked} /> : null}
        {!isPending && !error && result && (
          <CheckResult result={result} name={values.name} onRepaired={() => check.begin(values)} />
        )}
      </Stack>
    </section>
  );
}
