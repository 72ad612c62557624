import { Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useEffect, useRef } from "react";
import { ApiError, isAbort } from "../../api/errors.js";
import { useAddPipeline } from "../../api/pipelines.js";
import { Failure } from "../../components/Failure.jsx";
import { useAbort } from "../../lib/useAbort.js";
import { words } from "../../words.js";
import classes from "./AddPipelineForm.module.css";
import { CheckPanel } from "./add/CheckPanel.jsx";
import { DataFilesField } from "./add/DataFilesField.jsx";
import { EMPTY, FIELDS, VALIDATE } from "./add/draft.js";
import { FormFoot } from "./add/FormFoot.jsx";
import { ModelField } from "./add/ModelField.jsx";
import { ScriptField } from "./add/ScriptField.jsx";
import { useDraftCheck } from "./add/useDraftCheck.js";

/** @import { Model, Resource } from "../../api/types.js" */

const text = words.pipelines;

/**
 * @param {object} props
 * @param {Model[]} props.models at least one
 * @param {Resource[]} props.resources
 * @param {() => void} props.onClose
 * @param {() => void} [props.onWiden] told when there is more to show beside the fields
 */
export function AddPipelineForm({ models, resources, onClose, onWiden }) {
  const add = useAddPipeline();
  const abort = useAbort();
  const check = useDraftCheck();
  const form = useForm({ initialValues: EMPTY, validate: VALIDATE });
  const { values } = form;
  const scripts = resources.filter(({ kind }) => kind === "script");
  const chosen = [values.preProcessing, values.postProcessing, ...values.dataFiles];
  const isInstalled = resources
    .filter(({ name }) => chosen.includes(name))
    .every(({ environment }) => !environment || environment.state === "ready");
  const model = models.find(({ name }) => name === values.model);
  useEffect(() => {
    if (check.isOpen) onWiden?.();
  }, [check.isOpen, onWiden]);

  const firstField = useRef(/** @type {HTMLInputElement | null} */ (null));
  // The modal gives the focus when it opens, and that may be before there is anything to choose from.
  useEffect(() => firstField.current?.focus(), []);

  const submit = form.onSubmit(() => {
    check.cancel();
    add.mutate(
      { pipeline: { ...values, model: values.model ?? "" }, signal: abort.begin() },
      {
        onSuccess: (added) => {
          onClose();
          notifications.show({ message: text.wasAdded(added.name) });
        },
        onError: (error) => error instanceof ApiError && form.setErrors(error.fields),
      },
    );
  });
  const beginCheck = () => {
    // A name isn't needed to see whether the parts fit.
    if (!form.validateField("model").hasError) check.begin(values);
  };

  return (
    <form onSubmit={submit} noValidate>
      <div className={classes.columns} data-wide={check.isOpen}>
        <Stack>
          <TextInput
            label={words.common.name}
            withAsterisk
            required
            ref={firstField}
            data-autofocus
            {...form.getInputProps("name")}
          />
          <ModelField form={form} models={models} />
          <ScriptField form={form} field="preProcessing" scripts={scripts} model={model} />
          <ScriptField form={form} field="postProcessing" scripts={scripts} model={model} />
          <DataFilesField form={form} resources={resources} />
        </Stack>
        {check.isOpen && <CheckPanel check={check} values={values} inputs={model?.inputs ?? []} />}
      </div>
      <FormFoot
        status={add.isPending ? (isInstalled ? text.checking : text.installing) : null}
        isAdding={add.isPending}
        isChecking={check.isPending}
        onCheck={beginCheck}
        onCancelCheck={check.cancel}
        onClose={onClose}
      >
        {add.error && !isAbort(add.error) && !isBesideAField(add.error) && (
          <Failure error={add.error} title={text.notAdded} />
        )}
      </FormFoot>
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
