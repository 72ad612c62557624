import { NumberInput, Select, Stack, Switch } from "@mantine/core";
import { words } from "../../../words.js";
import classes from "./EditForm.module.css";
import { NetworkField } from "./NetworkField.jsx";
import { serverDefault } from "./showValue.js";

/** @import { System } from "../../../api/types.js" */
/** @import { Values } from "./editing.js" */

const text = words.pipelinePage;
/** The bounds that the server has, too: below and above. */
const BOUNDS = /** @type {const} */ ({
  deadlineS: [0, 86_400],
  workers: [1, 1024],
  intraOpThreads: [1, 256],
  memoryMb: [16, 1_048_576],
  scratchMb: [0, 1_048_576],
  threads: [1, 4096],
  maxAnswerBytes: [1, 17_179_869_184],
});

/**
 * The fields for how a pipeline runs; what is left empty is as the server has it.
 *
 * @param {object} props
 * @param {import("@mantine/form").UseFormReturnType<Values>} props.form
 * @param {System} props.system
 */
export function PolicyFields({ form, system }) {
  const files = form.values.dataFiles.filter((name) => !name.endsWith(".py"));
  const numberInput = (/** @type {keyof typeof BOUNDS} */ field) => (
    <NumberInput
      label={text.fields[field]}
      description={text.hints[field]}
      placeholder={serverDefault(field, system)}
      min={BOUNDS[field][0]}
      max={BOUNDS[field][1]}
      allowDecimal={field === "deadlineS"}
      allowNegative={false}
      clampBehavior="none"
      thousandSeparator=","
      {...form.getInputProps(field)}
    />
  );
  return (
    <fieldset className={classes.fields}>
      <legend className={classes.legend}>{text.policy}</legend>
      <Stack gap="sm">
        <Select
          label={text.fields.sample}
          description={text.hints.sample}
          placeholder={files.length ? words.common.none : text.noSamples}
          data={files}
          disabled={!files.length}
          clearable
          {...form.getInputProps("sample")}
        />
        <Switch
          label={text.fields.pinned}
          description={text.hints.pinned}
          {...form.getInputProps("pinned", { type: "checkbox" })}
        />
        <Switch
          label={text.fields.keepInputs}
          description={text.hints.keepInputs}
          {...form.getInputProps("keepInputs", { type: "checkbox" })}
        />
        <div className={classes.pair}>
          {numberInput("deadlineS")}
          {numberInput("workers")}
          {numberInput("intraOpThreads")}
          {numberInput("memoryMb")}
          {numberInput("scratchMb")}
          {numberInput("threads")}
        </div>
        <NetworkField form={form} system={system} />
        {numberInput("maxAnswerBytes")}
      </Stack>
    </fieldset>
  );
}
