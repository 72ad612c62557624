import { Skeleton } from "@mantine/core";
import { TryIt } from "../../../components/run/TryIt.jsx";
import { RepairScript } from "./RepairScript.jsx";

/** @import { Model, Pipeline } from "../../../api/types.js" */

/**
 * One run of the pipeline, and where a script of it failed, the script itself to repair and run again.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 * @param {Model | undefined} props.model undefined until it is known
 * @param {File | null} props.input one that is to be used again
 */
export function TryTab({ pipeline: { name, preProcessing, dataFiles, sample }, model, input }) {
  if (!model) return <Skeleton height={320} />;
  const takesFile = preProcessing !== null;
  return (
    <TryIt
      // What fits one model, or pre-processing, doesn't fit another.
      key={`${takesFile} ${model.name}`}
      kind="pipelines"
      name={name}
      takesFile={takesFile}
      samples={dataFiles.filter((file) => !file.endsWith(".py"))}
      sample={sample}
      inputs={model.inputs}
      again={input}
      renderScript={({ script, line, message, onRepaired }) => (
        <RepairScript script={script} line={line} message={message} onSaved={onRepaired} />
      )}
    />
  );
}
