import { IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { IconAction } from "../../components/IconAction.jsx";
import { words } from "../../words.js";

/** @import { Pipeline } from "../../api/types.js" */
/** @import { PipelineActions } from "./usePipelineDialogs.jsx" */

/**
 * What can be done with a pipeline from a card or a row.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 * @param {boolean} props.mayChange
 * @param {PipelineActions} props.actions
 */
export function RowActions({ pipeline, mayChange, actions }) {
  return (
    <>
      <IconAction
        label={words.pipelines.run(pipeline.name)}
        hint={words.run.submit}
        icon={IconPlayerPlay}
        onClick={() => actions.run(pipeline)}
      />
      {mayChange && (
        <IconAction
          label={words.pipelines.delete(pipeline.name)}
          hint={words.common.delete}
          icon={IconTrash}
          destroys
          onClick={() => actions.remove(pipeline)}
        />
      )}
    </>
  );
}
