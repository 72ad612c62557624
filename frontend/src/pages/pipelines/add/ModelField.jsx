import { Select } from "@mantine/core";
import { TensorList } from "../../../components/TensorList.jsx";
import { words } from "../../../words.js";
import classes from "./ModelField.module.css";
import { Warnings } from "./Warnings.jsx";

/** @import { Model } from "../../../api/types.js" */
/** @import { DraftForm } from "./draft.js" */

const text = words.pipelines;

/**
 * The choice of a model, and what the chosen one expects and gives.
 *
 * @param {object} props
 * @param {DraftForm} props.form
 * @param {Model[]} props.models
 */
export function ModelField({ form, models }) {
  const model = models.find(({ name }) => name === form.values.model);
  return (
    <div>
      <Select
        label={text.model}
        placeholder={text.chooseModel}
        data={models.map(({ name }) => name)}
        searchable
        withAsterisk
        required
        {...form.getInputProps("model")}
      />
      {model && (
        <>
          <div className={classes.contract}>
            <TensorList label={words.contract.expects} tensors={model.inputs} />
            <TensorList label={words.contract.gives} tensors={model.outputs} />
          </div>
          <Warnings messages={model.active ? [] : [words.contract.inactive]} />
        </>
      )}
    </div>
  );
}
