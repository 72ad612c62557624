import { useDisclosure } from "@mantine/hooks";
import { IconDownload, IconInfoCircle, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { modelContentUrl, useDeleteModel } from "../../api/models.js";
import { Card } from "../../components/CardGrid.jsx";
import { CardFoot, CardHead } from "../../components/CardParts.jsx";
import { ConfirmDelete } from "../../components/ConfirmDelete.jsx";
import { IconAction } from "../../components/IconAction.jsx";
import { RunDialog } from "../../components/run/RunDialog.jsx";
import { UsedBy } from "../../components/UsedBy.jsx";
import { formatBytes } from "../../lib/format.js";
import { words } from "../../words.js";
import { ModelDetails } from "./ModelDetails.jsx";
import { TensorLines } from "./TensorLines.jsx";

/** @import { Model } from "../../api/types.js" */

const text = words.models;

/**
 * A model at a glance: what goes in, what comes out, and what can be done with it.
 *
 * @param {object} props
 * @param {Model} props.model
 * @param {boolean} props.mayChange
 */
export function ModelCard({ model, mayChange }) {
  const [reading, details] = useDisclosure(false);
  const [running, run] = useDisclosure(false);
  const [deleting, remove] = useDisclosure(false);
  const deleteModel = useDeleteModel();
  const { name } = model;
  return (
    <Card name={name}>
      <CardHead
        name={name}
        note={formatBytes(model.sizeBytes)}
        action={
          <IconAction
            label={text.details(name)}
            hint={text.detailsTitle}
            icon={IconInfoCircle}
            onClick={details.open}
          />
        }
      />
      <TensorLines inputs={model.inputs} outputs={model.outputs} />
      <CardFoot
        left={<UsedBy pipelines={model.usedBy} />}
        actions={
          <>
            <IconAction
              label={text.run(name)}
              hint={words.run.submit}
              icon={IconPlayerPlay}
              onClick={run.open}
            />
            <IconAction
              label={text.download(name)}
              hint={words.common.download}
              icon={IconDownload}
              href={modelContentUrl(name)}
            />
            {mayChange && (
              <IconAction
                label={text.delete(name)}
                hint={words.common.delete}
                icon={IconTrash}
                destroys
                onClick={remove.open}
              />
            )}
          </>
        }
      />
      <ModelDetails model={model} opened={reading} onClose={details.close} />
      <RunDialog
        kind="models"
        name={name}
        title={text.run(name)}
        takesFile={false}
        opened={running}
        onClose={run.close}
      />
      <ConfirmDelete
        title={text.delete(name)}
        question={text.deleteQuestion(name)}
        done={text.wasDeleted(name)}
        name={name}
        mutation={deleteModel}
        opened={deleting}
        onClose={remove.close}
      />
    </Card>
  );
}
