import { notifications } from "@mantine/notifications";
import { useEffectEvent, useMemo, useState } from "react";
import { ApiError } from "../../api/errors.js";
import { useDeleteModel, useEditModel, useModels } from "../../api/models.js";
import { ConfirmDelete } from "../../components/ConfirmDelete.jsx";
import { RunDialog } from "../../components/run/RunDialog.jsx";
import { words } from "../../words.js";
import { Deactivate } from "./Deactivate.jsx";
import { EditModel } from "./EditModel.jsx";
import { ModelDetails } from "./ModelDetails.jsx";
import { ReplaceModel } from "./ReplaceModel.jsx";

/** @import { Model, ReplacedModel } from "../../api/types.js" */
/** @typedef {"details" | "run" | "remove" | "deactivate" | "edit" | "replace"} Dialog */

const text = words.models;

/**
 * What cards, rows and a model's page can open; it stays the same, so that nothing is drawn anew for it.
 *
 * @typedef {object} ModelDialogs
 * @property {(model: Model) => void} details
 * @property {(model: Model) => void} run
 * @property {(model: Model) => void} remove
 * @property {(model: Model) => void} edit
 * @property {(model: Model) => void} replace
 * @property {(model: Model, active: boolean) => void} setActive asks first where pipelines would stop
 */

/**
 * The dialogs of all models, one of each for the page: hundreds of cards needn't bring their own.
 *
 * @param {object} [options]
 * @param {() => void} [options.onDeleted]
 * @param {(result: ReplacedModel) => void} [options.onReplaced]
 * @returns {{open: ModelDialogs, dialogs: React.ReactNode}}
 */
export function useModelDialogs({ onDeleted, onReplaced } = {}) {
  const [opened, setTarget] = useState(/** @type {Model | null} */ (null));
  // As it is by now, so that a change which came too late can be sent again. It stays in place while a dialog closes.
  const target = useModels().data?.find(({ id }) => id === opened?.id) ?? opened;
  const [dialog, setDialog] = useState(/** @type {Dialog | null} */ (null));
  const deleteModel = useDeleteModel();
  const edit = useEditModel();

  const activate = useEffectEvent((/** @type {Model} */ model, /** @type {boolean} */ active) =>
    edit.mutate(
      { model, changes: { active } },
      {
        onSuccess: () => notifications.show({ message: text.wasSwitched(model.name, active) }),
        onError: (error) =>
          notifications.show({
            color: "red",
            message: error instanceof ApiError ? error.message : words.errors.crashed,
          }),
      },
    ),
  );
  const open = useMemo(() => {
    const opener = (/** @type {Dialog} */ which) => (/** @type {Model} */ model) => {
      setTarget(model);
      setDialog(which);
    };
    const deactivate = opener("deactivate");
    return {
      details: opener("details"),
      run: opener("run"),
      remove: opener("remove"),
      edit: opener("edit"),
      replace: opener("replace"),
      setActive: (/** @type {Model} */ model, /** @type {boolean} */ active) =>
        !active && model.usedBy.length > 0 ? deactivate(model) : activate(model, active),
    };
  }, []);

  const close = () => setDialog(null);
  const name = target?.name ?? "";
  const dialogs = target && (
    <>
      <ModelDetails model={target} opened={dialog === "details"} onClose={close} />
      <RunDialog
        kind="models"
        name={name}
        title={text.run(name)}
        takesFile={false}
        inputs={target.inputs}
        opened={dialog === "run"}
        onClose={close}
      />
      <ConfirmDelete
        title={text.delete(name)}
        question={text.deleteQuestion(name)}
        done={text.wasDeleted(name)}
        name={name}
        usedBy={target.usedBy}
        mutation={deleteModel}
        opened={dialog === "remove"}
        onClose={close}
        onDeleted={onDeleted}
      />
      <Deactivate model={target} opened={dialog === "deactivate"} onClose={close} />
      <EditModel model={target} opened={dialog === "edit"} onClose={close} />
      <ReplaceModel model={target} opened={dialog === "replace"} onClose={close} onReplaced={onReplaced} />
    </>
  );
  return { open, dialogs };
}
