import { useDisclosure } from "@mantine/hooks";
import { useLocation } from "wouter";
import { useModels } from "../../api/models.js";
import { usePipelines } from "../../api/pipelines.js";
import { GoneItem } from "../../components/GoneItem.jsx";
import { ItemPage } from "../../components/ItemPage.jsx";
import { pipelineLink } from "../../lib/links.js";
import { words } from "../../words.js";
import { DeletePipeline } from "./page/DeletePipeline.jsx";
import { PipelineView } from "./page/PipelineView.jsx";

const text = words.pipelinePage.gone;

/**
 * All about one pipeline: what it does, how it is doing, and the way to try, understand and change it.
 *
 * @param {object} props
 * @param {string} props.name
 */
export default function PipelinePage({ name }) {
  const pipelines = usePipelines();
  // What the page tells of the pipeline's model: asked for at the same time, not after it.
  useModels();
  const [deleting, remove] = useDisclosure(false);
  const [, navigate] = useLocation();
  return (
    <ItemPage
      name={name}
      query={pipelines}
      link={pipelineLink}
      skeleton={[120, 320]}
      gone={(known) => (
        <GoneItem
          title={known ? text.deleted(name) : text.unknown(name)}
          hint={known ? text.deletedHint : text.unknownHint}
          back="/pipelines"
          backLabel={text.goToPipelines}
          isNews={known !== undefined}
        />
      )}
      dialogs={
        <DeletePipeline
          name={name}
          opened={deleting}
          onClose={remove.close}
          onDeleted={() => navigate("/pipelines")}
        />
      }
    >
      {(pipeline, items) => (
        <PipelineView pipeline={pipeline} names={items.map((item) => item.name)} onDelete={remove.open} />
      )}
    </ItemPage>
  );
}
