import { Select } from "@mantine/core";
import { words } from "../../../words.js";
import { PackagesHint } from "../PackagesHint.jsx";
import { Contract } from "./Contract.jsx";
import { contractOf } from "./contract.js";
import { Warnings } from "./Warnings.jsx";

/** @import { Model, Resource } from "../../../api/types.js" */
/** @import { DraftForm } from "./draft.js" */

const text = words.pipelines;
const FIELDS = {
  preProcessing: /** @type {const} */ ({
    step: "pre-processing",
    label: text.preProcessing,
    hint: text.preHint,
  }),
  postProcessing: /** @type {const} */ ({
    step: "post-processing",
    label: text.postProcessing,
    hint: text.postHint,
  }),
};

/**
 * The choice of a script, what the model wants of it, and what the server already knows against it.
 *
 * @param {object} props
 * @param {DraftForm} props.form
 * @param {keyof typeof FIELDS} props.field
 * @param {Resource[]} props.scripts
 * @param {Model | undefined} props.model
 */
export function ScriptField({ form, field, scripts, model }) {
  const { step, label, hint } = FIELDS[field];
  const script = scripts.find(({ name }) => name === form.values[field]);
  return (
    <div>
      <Select
        label={label}
        description={<PackagesHint hint={`${text.optional} ${hint}`} chosen={script ? [script] : []} />}
        placeholder={scripts.length ? text.noScript : text.noScripts}
        data={scripts.map(({ name }) => name)}
        disabled={!scripts.length}
        searchable
        clearable
        {...form.getInputProps(field)}
      />
      {model && (
        <Contract
          label={words.contract.of(words.steps[step])}
          lines={contractOf(step, Boolean(script), model)}
        />
      )}
      <Warnings
        messages={script?.warnings.map(({ line, message }) => words.contract.warning(line, message)) ?? []}
      />
    </div>
  );
}
