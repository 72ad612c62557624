import { useCallback, useMemo, useState } from "react";
import { useModels } from "../../api/models.js";
import { useDeletePipeline } from "../../api/pipelines.js";
import { ConfirmDelete } from "../../components/ConfirmDelete.jsx";
import { RunDialog } from "../../components/run/RunDialog.jsx";
import { words } from "../../words.js";

/** @import { Pipeline } from "../../api/types.js" */

/**
 * What a card or a row can open.
 *
 * @typedef {object} PipelineActions stays the same, so that nothing is drawn anew for it
 * @property {(pipeline: Pipeline) => void} run
 * @property {(pipeline: Pipeline) => void} remove
 */

/**
 * The dialogs of all pipelines, one of each for the page: hundreds of cards needn't bring their own.
 *
 * @returns {{actions: PipelineActions, dialogs: React.ReactNode}}
 */
export function usePipelineDialogs() {
  const [target, setTarget] = useState(/** @type {Pipeline | null} */ (null));
  const [open, setOpen] = useState(/** @type {"run" | "remove" | null} */ (null));
  const deletePipeline = useDeletePipeline();
  const close = useCallback(() => setOpen(null), []);
  const actions = useMemo(() => {
    const opener = (/** @type {"run" | "remove"} */ dialog) => (/** @type {Pipeline} */ pipeline) => {
      setTarget(pipeline);
      setOpen(dialog);
    };
    return { run: opener("run"), remove: opener("remove") };
  }, []);
  // It stays in place while it closes.
  const name = target?.name ?? "";
  const dialogs = (
    <>
      {target && <RunPipeline pipeline={target} opened={open === "run"} onClose={close} />}
      <ConfirmDelete
        title={words.pipelines.delete(name)}
        question={words.pipelines.deleteQuestion(name)}
        done={words.pipelines.wasDeleted(name)}
        name={name}
        mutation={deletePipeline}
        opened={open === "remove"}
        onClose={close}
      />
    </>
  );
  return { actions, dialogs };
}

/**
 * @param {object} props
 * @param {Pipeline} props.pipeline
 * @param {boolean} props.opened
 * @param {() => void} props.onClose
 */
function RunPipeline({ pipeline: { name, model, preProcessing, dataFiles }, opened, onClose }) {
  const models = useModels();
  return (
    <RunDialog
      kind="pipelines"
      name={name}
      title={words.pipelines.run(name)}
      takesFile={preProcessing !== null}
      inputs={models.data?.find((one) => one.name === model)?.inputs}
      samples={dataFiles.filter((file) => !file.endsWith(".py"))}
      opened={opened}
      onClose={onClose}
    />
  );
}
