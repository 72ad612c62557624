import { Modal } from "@mantine/core";
import { useState } from "react";
import { useModels } from "../../api/models.js";
import { useResources } from "../../api/resources.js";
import { FormSkeleton } from "../../components/FormSkeleton.jsx";
import { QueryView } from "../../components/QueryView.jsx";
import { words } from "../../words.js";
import { AddPipelineForm } from "./AddPipelineForm.jsx";
import { NoModels } from "./NoModels.jsx";

/** Room for the fields and, beside them, a check. */
const WIDE = "76rem";

/**
 * The modal in which a pipeline is put together.
 *
 * @param {object} props
 * @param {boolean} props.opened
 * @param {() => void} props.onClose
 */
export function AddPipeline({ opened, onClose }) {
  const [isWide, setWide] = useState(false);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={words.pipelines.add}
      size={isWide ? WIDE : "lg"}
      closeOnClickOutside={false}
      onExitTransitionEnd={() => setWide(false)}
    >
      <Parts onClose={onClose} onWiden={() => setWide(true)} />
    </Modal>
  );
}

/**
 * Loads what there is to choose from; only while the modal is open.
 *
 * @param {object} props
 * @param {() => void} props.onClose
 * @param {() => void} props.onWiden
 */
function Parts({ onClose, onWiden }) {
  const models = useModels();
  const resources = useResources();
  return (
    <QueryView query={models} skeleton={<FormSkeleton />}>
      {(modelItems) =>
        modelItems.length === 0 ? (
          <NoModels onClose={onClose} />
        ) : (
          <QueryView query={resources} skeleton={<FormSkeleton />}>
            {(resourceItems) => (
              <AddPipelineForm
                models={modelItems}
                resources={resourceItems}
                onClose={onClose}
                onWiden={onWiden}
              />
            )}
          </QueryView>
        )
      }
    </QueryView>
  );
}
