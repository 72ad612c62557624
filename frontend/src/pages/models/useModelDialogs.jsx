import { notifications } from "@mantine/notifications";
import { useEffectEvent, useMemo, useState } from "react";
import { ApiError } from "../../api/errors.js";
import { useDeleteModel, useEditModel } from "../../api/models.js";
import { ConfirmDelete } from "../../components/ConfirmDelete.jsx";
import { RunDialog } from "../../components/run/RunDialog.jsx";
import { words } from "../../words.js";
import { Deactivate } from "./Deactivate.jsx";
import { ModelDetails } from "./ModelDetails.jsx";

/** @import { Model } from "../../api/types.js" */
/** @typedef {"details" | "run" | "remove" | "deactivate"} Dialog */

const text = words.models;

/**
 * What cards, rows and a model's page can open; it stays the same, so that nothing is drawn anew for it.
 *
 * @typedef {object} ModelDialogs
 * @property {(model: Model) => void} details
 * @property {(model: Model) => void} run
 * @property {(model: Model) => void} remove
 * @property {(model: Model, active: boolean) => void} setActive asks first where pipelines would stop
 */

/**
 * The dialogs of all models, one of each for the page: hundreds of cards needn't bring their own.
 *
 * @param {object} [options]
 * @param {() => void} [options.onDeleted]
 * @returns {{open: ModelDialogs, dialogs: React.ReactNode}}
 */
export function useModelDialogs({ onDeleted } = {}) {
  const [target, setTarget] = useState(/** @type {Model | null} */ (null));
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
      setActive: (/** @type {Model} */ model, /** @type {boolean} */ active) =>
        !active && model.usedBy.length > 0 ? deactivate(model) : activate(model, active),
    };
  }, []);

  const close = () => setDialog(null);
  // It stays in place while it closes.
  const name = target?.name ?? "";
  const dialogs = target && (
    <>
      <ModelDetails model={target} opened={dialog === "details"} onClose={close} />
      <RunDialog
        kind="models"
        name={name}
        title={text.run(name)}
        takesFile={false}
        opened={dialog === "run"}
        onClose={close}
      />
      <ConfirmDelete
        title={text.delete(name)}
        question={text.deleteQuestion(name)}
        done={text.wasDeleted(name)}
        name={name}
        mutation={deleteModel}
        opened={dialog === "remove"}
        onClose={close}
        onDeleted={onDeleted}
      />
      <Deactivate model={target} opened={dialog === "deactivate"} onClose={close} />
    </>
  );
  return { open, dialogs };
}
