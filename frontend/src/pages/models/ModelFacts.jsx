import { Code } from "@mantine/core";
import { Facts } from "../../components/Facts.jsx";
import { PipelineLinks } from "../../components/PipelineLinks.jsx";
import { Time } from "../../components/Time.jsx";
import { formatBytes, formatExactBytes } from "../../lib/format.js";
import { words } from "../../words.js";

/** @import { Model } from "../../api/types.js" */

const text = words.models;

/**
 * What a model's file says of itself, and who needs it.
 *
 * @param {object} props
 * @param {Model} props.model
 */
export function ModelFacts({ model }) {
  const producer = [model.producerName, model.producerVersion].filter(Boolean).join(" ");
  return (
    <Facts
      facts={[
        [
          words.common.usedBy,
          model.usedBy.length ? <PipelineLinks key="used" names={model.usedBy} /> : words.common.none,
        ],
        [text.opsets, model.opsets.map(({ domain, version }) => `${domain} ${version}`).join(", ")],
        [text.irVersion, model.irVersion],
        [text.producer, producer || words.common.unset],
        [text.graph, model.graphName || words.common.unset],
        [text.modelVersion, model.modelVersion],
        [text.file, model.fileName],
        [words.common.size, `${formatBytes(model.sizeBytes)} (${formatExactBytes(model.sizeBytes)})`],
        [text.sha256, <Code key="sha256">{model.sha256}</Code>],
        [words.common.added, <Time key="added" at={model.createdAt} />],
      ]}
    />
  );
}
