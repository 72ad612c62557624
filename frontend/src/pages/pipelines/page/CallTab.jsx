import { Skeleton } from "@mantine/core";
import { predictionsUrl } from "../../../api/pipelines.js";
import { Snippets } from "../../../components/snippets/Snippets.jsx";

/** @import { Model, Pipeline } from "../../../api/types.js" */

/**
 * How programs call the pipeline.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 * @param {Model | undefined} props.model undefined until it is known
 */
export function CallTab({ pipeline: { name, preProcessing, postProcessing, sample }, model }) {
  if (!model) return <Skeleton height={320} />;
  return (
    <Snippets
      url={predictionsUrl(name)}
      protocolName={name}
      takesFile={preProcessing !== null}
      givesResult={postProcessing !== null}
      sample={sample}
      inputs={model.inputs}
    />
  );
}
