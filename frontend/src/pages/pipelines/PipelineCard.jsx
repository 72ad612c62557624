import { useDisclosure } from "@mantine/hooks";
import { IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useDeletePipeline } from "../../api/pipelines.js";
import { Card } from "../../components/CardGrid.jsx";
import { CardFoot, CardHead } from "../../components/CardParts.jsx";
import { ConfirmDelete } from "../../components/ConfirmDelete.jsx";
import { PackagesLine } from "../../components/environment/PackagesLine.jsx";
import { IconAction } from "../../components/IconAction.jsx";
import { RunDialog } from "../../components/run/RunDialog.jsx";
import { StateBadge } from "../../components/StateBadge.jsx";
import { StepRail } from "../../components/StepRail.jsx";
import { words } from "../../words.js";
import { Broken } from "./Broken.jsx";
import { Notes } from "./Notes.jsx";
import { PipelineDetails } from "./PipelineDetails.jsx";

/** @import { Pipeline } from "../../api/types.js" */

/**
 * A pipeline at a glance: its three steps, its state, and what can be done with it.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 * @param {boolean} props.mayChange
 */
export function PipelineCard({ pipeline, mayChange }) {
  const [running, run] = useDisclosure(false);
  const [deleting, remove] = useDisclosure(false);
  const deletePipeline = useDeletePipeline();
  const { name, state, notes, environment } = pipeline;
  return (
    <Card name={name}>
      <CardHead name={name} action={<PipelineDetails pipeline={pipeline} mayChange={mayChange} />} />
      <StepRail pipeline={pipeline} />
      <Broken pipeline={pipeline} mayChange={mayChange} />
      {environment?.state === "building" && <PackagesLine environment={environment} />}
      <Notes notes={notes} />
      <CardFoot
        left={<StateBadge state={state} />}
        actions={
          <>
            <IconAction
              label={words.pipelines.run(name)}
              hint={words.run.submit}
              icon={IconPlayerPlay}
              onClick={run.open}
            />
            {mayChange && (
              <IconAction
                label={words.pipelines.delete(name)}
                hint={words.common.delete}
                icon={IconTrash}
                destroys
                onClick={remove.open}
              />
            )}
          </>
        }
      />
      <RunDialog
        kind="pipelines"
        name={name}
        title={words.pipelines.run(name)}
        takesFile={pipeline.preProcessing !== null}
        opened={running}
        onClose={run.close}
      />
      <ConfirmDelete
        title={words.pipelines.delete(name)}
        question={words.pipelines.deleteQuestion(name)}
        done={words.pipelines.wasDeleted(name)}
        name={name}
        mutation={deletePipeline}
        opened={deleting}
        onClose={remove.close}
      />
    </Card>
  );
}
