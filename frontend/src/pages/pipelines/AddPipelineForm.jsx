import { Button, Group, MultiSelect, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { ApiError, isAbort } from "../../api/errors.js";
import { useAddPipeline } from "../../api/pipelines.js";
import { Failure } from "../../components/Failure.jsx";
import { useAbort } from "../../lib/useAbort.js";
import { words } from "../../words.js";
import { PackagesHint } from "./PackagesHint.jsx";

/** @import { Model, Resource } from "../../api/types.js" */

const FIELDS = ["name", "model", "preProcessing", "postProcessing", "dataFiles"];
const text = words.pipelines;

/**
 * @param {object} props
 * @param {Model[]} props.models at least one
 * @param {Resource[]} props.resources
 * @param {() => void} props.onClose
 */
export function AddPipelineForm({ models, resources, onClose }) {
  const add = useAddPipeline();
  const abort = useAbort();
  const form = useForm({
    initialValues: {
      name: "",
      model: /** @type {string | null} */ (null),
      preProcessing: /** @type {string | null} */ (null),
      postProcessing: /** @type {string | null} */ (null),
      dataFiles: /** @type {string[]} */ ([]),
    },
    validate: {
      name: (name) => (name.trim() ? null : text.nameMissing),
      model: (model) => (model ? null : text.modelMissing),
    },
  });
  const scripts = resources.filter(({ kind }) => kind === "script").map(({ name }) => name);
  const others = resources.filter(({ kind }) => kind !== "script").map(({ name }) => name);
  const of = (/** @type {(string | null)[]} */ ...names) =>
    resources.filter(({ name }) => names.includes(name));
  const { preProcessing, postProcessing, dataFiles } = form.values;
  const isInstalled = of(preProcessing, postProcessing, ...dataFiles).every(
    ({ environment }) => !environment || environment.state === "ready",
  );

  const submit = form.onSubmit((values) => {
    const pipeline = { ...values, model: values.model ?? "" };
    add.mutate(
      { pipeline, signal: abort.begin() },
      {
        onSuccess: (added) => {
          onClose();
          notifications.show({ message: text.wasAdded(added.name) });
        },
        onError: (error) => error instanceof ApiError && form.setErrors(error.fields),
      },
    );
  });

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label={words.common.name}
          withAsterisk
          required
          data-autofocus
          {...form.getInputProps("name")}
        />
        <Select
          label={text.model}
          placeholder={text.chooseModel}
          data={models.map(({ name }) => name)}
          searchable
          withAsterisk
          required
          {...form.getInputProps("model")}
        />
        <Select
          label={text.preProcessing}
          description={<PackagesHint hint={text.preHint} chosen={of(preProcessing)} />}
          placeholder={scripts.length ? text.noScript : text.noScripts}
          data={scripts}
          disabled={!scripts.length}
          searchable
          clearable
          {...form.getInputProps("preProcessing")}
        />
        <Select
          label={text.postProcessing}
          description={<PackagesHint hint={text.postHint} chosen={of(postProcessing)} />}
          placeholder={scripts.length ? text.noScript : text.noScripts}
          data={scripts}
          disabled={!scripts.length}
          searchable
          clearable
          {...form.getInputProps("postProcessing")}
        />
        <MultiSelect
          label={text.dataFiles}
          description={<PackagesHint hint={text.dataFilesHint} chosen={of(...dataFiles)} />}
          placeholder={others.length ? undefined : text.noDataFiles}
          data={others}
          disabled={!others.length}
          searchable
          clearable
          {...form.getInputProps("dataFiles")}
        />
        {add.error && !isAbort(add.error) && !isBesideAField(add.error) && (
          <Failure error={add.error} title={text.notAdded} />
        )}
        <Group justify="flex-end">
          {add.isPending && (
            <Text size="xs" c="dimmed" flex={1} role="status">
              {isInstalled ? text.checking : text.installing}
            </Text>
          )}
          <Button variant="default" onClick={onClose}>
            {words.common.cancel}
          </Button>
          <Button type="submit" loading={add.isPending}>
            {words.common.apply}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/**
 * Tell whether all there is to say about an error stands beside a field.
 *
 * @param {Error} error
 * @returns {boolean}
 */
function isBesideAField(error) {
  if (!(error instanceof ApiError) || error.details.step) return false;
  const fields = Object.keys(error.fields);
  return fields.length > 0 && fields.every((field) => FIELDS.includes(field));
}
