import { Code, Modal, Stack } from "@mantine/core";
import { Facts } from "../../components/Facts.jsx";
import { Time } from "../../components/Time.jsx";
import { formatBytes, formatExactBytes } from "../../lib/format.js";
import { words } from "../../words.js";
import { TensorTable } from "./TensorTable.jsx";

/** @import { Model } from "../../api/types.js" */

const text = words.models;

/**
 * All that is known of a model.
 *
 * @param {object} props
 * @param {Model} props.model
 * @param {boolean} props.opened
 * @param {() => void} props.onClose
 */
export function ModelDetails({ model, opened, onClose }) {
  const producer = [model.producerName, model.producerVersion].filter(Boolean).join(" ");
  return (
    <Modal opened={opened} onClose={onClose} title={text.details(model.name)} size="xl">
      <Stack gap="lg">
        <TensorTable title={text.inputs} tensors={model.inputs} />
        <TensorTable title={text.outputs} tensors={model.outputs} />
        <Facts
          facts={[
            [text.opsets, model.opsets.map(({ domain, version }) => `${domain} ${version}`).join(", ")],
            [text.irVersion, model.irVersion],
            [text.producer, producer || words.common.unset],
            [text.graph, model.graphName || words.common.unset],
            [text.modelVersion, model.modelVersion],
            [text.file, model.fileName],
            [words.common.size, `${formatBytes(model.sizeBytes)} (${formatExactBytes(model.sizeBytes)})`],
            [text.sha256, <Code key="sha256">{model.sha256}</Code>],
            [words.common.added, <Time key="added" at={model.createdAt} />],
            [words.common.usedBy, model.usedBy.join(", ") || words.common.none],
          ]}
        />
      </Stack>
    </Modal>
  );
}
