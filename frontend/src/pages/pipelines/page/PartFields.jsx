import { MultiSelect, Select, Stack, TextInput } from "@mantine/core";
import { words } from "../../../words.js";
import { PackagesHint } from "../PackagesHint.jsx";
import classes from "./EditForm.module.css";

/** @import { Model, Resource } from "../../../api/types.js" */
/** @import { Values } from "./editing.js" */

const text = words.pipelines;

/**
 * The fields for a pipeline's name and for what it is made of.
 *
 * @param {object} props
 * @param {import("@mantine/form").UseFormReturnType<Values>} props.form
 * @param {Model[]} props.models
 * @param {Resource[]} props.resources
 * @param {string} props.wasNamed
 */
export function PartFields({ form, models, resources, wasNamed }) {
  const scripts = resources.filter(({ kind }) => kind === "script").map(({ name }) => name);
  const others = resources.filter(({ kind }) => kind !== "script").map(({ name }) => name);
  const { name, preProcessing, postProcessing, dataFiles, sample } = form.values;
  const of = (/** @type {(string | null)[]} */ ...names) =>
    resources.filter((resource) => names.includes(resource.name));
  return (
    <fieldset className={classes.fields}>
      <legend className={classes.legend}>{words.pipelinePage.parts}</legend>
      <Stack gap="sm">
        <TextInput
          label={words.common.name}
          description={name === wasNamed ? undefined : words.pipelinePage.renameHint(wasNamed)}
          withAsterisk
          required
          {...form.getInputProps("name")}
        />
        <Select
          label={text.model}
          data={models.map((model) => model.name)}
          searchable
          withAsterisk
          required
          allowDeselect={false}
          {...form.getInputProps("model")}
        />
        <Select
          label={text.preProcessing}
          description={<PackagesHint hint={text.preHint} chosen={of(preProcessing)} />}
          placeholder={scripts.length ? text.noScript : text.noScripts}
          data={scripts}
          searchable
          clearable
          {...form.getInputProps("preProcessing")}
        />
        <Select
          label={text.postProcessing}
          description={<PackagesHint hint={text.postHint} chosen={of(postProcessing)} />}
          placeholder={scripts.length ? text.noScript : text.noScripts}
          data={scripts}
          searchable
          clearable
          {...form.getInputProps("postProcessing")}
        />
        <MultiSelect
          label={text.dataFiles}
          description={<PackagesHint hint={text.dataFilesHint} chosen={of(...dataFiles)} />}
          placeholder={others.length ? undefined : text.noDataFiles}
          data={others}
          searchable
          clearable
          {...form.getInputProps("dataFiles")}
          onChange={(next) => {
            form.setFieldValue("dataFiles", next);
            // A sample is one of the data files.
            if (sample !== null && !next.includes(sample)) form.setFieldValue("sample", null);
          }}
        />
      </Stack>
    </fieldset>
  );
}
