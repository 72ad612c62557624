import { Modal, Stack } from "@mantine/core";
import { words } from "../../words.js";
import { ModelFacts } from "./ModelFacts.jsx";
import { TensorTable } from "./TensorTable.jsx";

/** @import { Model } from "../../api/types.js" */

const text = words.models;

/**
 * All that is known of a model, without leaving the list.
 *
 * @param {object} props
 * @param {Model} props.model
 * @param {boolean} props.opened
 * @param {() => void} props.onClose
 */
export function ModelDetails({ model, opened, onClose }) {
  return (
    <Modal opened={opened} onClose={onClose} title={text.details(model.name)} size="xl">
      <Stack gap="lg">
        <TensorTable title={text.inputs} tensors={model.inputs} />
        <TensorTable title={text.outputs} tensors={model.outputs} />
        <ModelFacts model={model} />
      </Stack>
    </Modal>
  );
}
