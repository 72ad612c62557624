import { Button, Group, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { notifications } from "@mantine/notifications";
import { useEffect, useState } from "react";
import { ApiError, hasCode, isAbort } from "../../../api/errors.js";
import { useChangePipeline } from "../../../api/pipelines.js";
import { LeaveQuestion } from "../../../components/editor/LeaveQuestion.jsx";
import { Failure } from "../../../components/Failure.jsx";
import { Notice } from "../../../components/Notice.jsx";
import { useAbort } from "../../../lib/useAbort.js";
import { useLeaveGuard } from "../../../lib/useLeaveGuard.js";
import { words } from "../../../words.js";
import { Conflict } from "./Conflict.jsx";
import classes from "./EditForm.module.css";
import { changedFields, changesOf, settingsOf, valuesOf } from "./editing.js";
import { parsePorts } from "./network.js";
import { PartFields } from "./PartFields.jsx";
import { PolicyFields } from "./PolicyFields.jsx";
import { RepairScript } from "./RepairScript.jsx";
import { checkVariables, VariableFields } from "./VariableFields.jsx";

/** @import { Model, Pipeline, Resource, System } from "../../../api/types.js" */
/** @import { Values } from "./editing.js" */

const text = words.pipelinePage;

/**
 * The form that changes a pipeline: only what was changed in it is sent, for the version that it was filled from.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 * @param {Model[]} props.models
 * @param {Resource[]} props.resources
 * @param {System} props.system
 */
export function EditForm({ pipeline, models, resources, system }) {
  const change = useChangePipeline();
  const abort = useAbort();
  // What the form was filled from; `pipeline` goes on living.
  const [base, setBase] = useState(pipeline);
  const form = useForm({
    initialValues: valuesOf(pipeline),
    validate: {
      name: (name) => (name.trim() ? null : words.pipelines.nameMissing),
      network: ({ choice, ports }) =>
        choice === "ports" && !parsePorts(ports) ? text.network.portsMissing : null,
      variables: checkVariables,
    },
  });
  const changes = changesOf(base, form.values);
  const isDirty = Object.keys(changes).length > 0;
  const guard = useLeaveGuard(isDirty);
  const theirs = pipeline.revision === base.revision ? [] : changedFields(base, pipeline);

  const fillFrom = (/** @type {Pipeline} */ newer, /** @type {Partial<Values>} */ kept = {}) => {
    setBase(newer);
    form.setValues({ ...valuesOf(newer), ...kept });
    form.clearErrors();
  };
  const mine = /** @type {Partial<Values>} */ (
    Object.fromEntries(
      Object.keys(changes).map((field) => [field, form.values[/** @type {"name"} */ (field)]]),
    )
  );
  useEffect(() => {
    // Somebody else's change is no conflict where nothing was changed here, or nothing of what is in the form there.
    if (pipeline.revision !== base.revision && !change.isPending && (!isDirty || theirs.length === 0)) {
      fillFrom(pipeline, mine);
    }
  });

  const submit = form.onSubmit(() =>
    change.mutate(
      { pipeline: base, changes, signal: abort.begin() },
      {
        onSuccess: (changed) => {
          fillFrom(changed);
          notifications.show({ message: text.wasChanged(changed.name) });
        },
        onError: (error) => error instanceof ApiError && form.setErrors(error.fields),
      },
    ),
  );
  const { error } = change;
  return (
    <form onSubmit={submit} noValidate className={classes.form} aria-label={text.tabs.settings}>
      {isDirty && theirs.length > 0 ? (
        <div role="alert">
          <Conflict
            before={base}
            now={pipeline}
            then={settingsOf({ ...valuesOf(pipeline), ...mine })}
            fields={theirs}
            onKeep={() => {
              change.reset();
              fillFrom(pipeline, mine);
            }}
            onDiscard={() => fillFrom(pipeline)}
          />
        </div>
      ) : (
        hasCode(error, "precondition-failed") && isDirty && <Notice tone="warning">{text.movedOn}</Notice>
      )}
      <div className={classes.columns}>
        <div className={classes.column}>
          <PartFields form={form} models={models} resources={resources} wasNamed={base.name} />
          <VariableFields form={form} />
        </div>
        <PolicyFields form={form} system={system} />
      </div>
      {error &&
        isDirty &&
        !isAbort(error) &&
        !hasCode(error, "precondition-failed") &&
        !isBesideAField(error) && (
          <>
            <Failure error={error} title={text.notChanged} />
            {error instanceof ApiError && error.details.script && (
              <RepairScript script={error.details.script} line={error.details.line} message={error.message} />
            )}
          </>
        )}
      <Group justify="flex-end">
        <Text size="xs" c="dimmed" flex={1} miw="12rem" role="status">
          {change.isPending
            ? text.checking
            : isDirty
              ? text.changed(Object.keys(changes).length)
              : text.unchanged}
        </Text>
        <Button
          variant="default"
          disabled={!isDirty && !change.isPending}
          onClick={() => {
            abort.abort();
            change.reset();
            fillFrom(pipeline);
          }}
        >
          {text.discard}
        </Button>
        <Button type="submit" loading={change.isPending} disabled={!isDirty || theirs.length > 0}>
          {words.common.apply}
        </Button>
      </Group>
      <LeaveQuestion name={base.name} guard={guard} />
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
  return error instanceof ApiError && !error.details.step && Object.keys(error.fields).length > 0;
}
