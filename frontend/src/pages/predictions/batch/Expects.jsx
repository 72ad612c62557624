import { useModels } from "../../../api/models.js";
import { usePipelines } from "../../../api/pipelines.js";
import { Notice } from "../../../components/Notice.jsx";
import { words } from "../../../words.js";
import { TensorLine } from "../../models/TensorLines.jsx";
import classes from "./Batch.module.css";

/** @import { Target } from "./useBatch.js" */

const text = words.batch;

/**
 * Which files a pipeline or model takes, and what would keep it from answering.
 *
 * @param {object} props
 * @param {Target} props.target
 */
export function Expects({ target: { kind, name } }) {
  const pipeline = usePipelines().data?.find((item) => kind === "pipelines" && item.name === name);
  const models = useModels().data;
  const model = models?.find((item) => item.name === (kind === "models" ? name : pipeline?.model));
  const isStopped = pipeline?.state === "broken" || model?.active === false;
  return (
    <>
      {isStopped && (
        <Notice tone="warning" title={text.stopped(name)}>
          {model?.active === false ? text.inactive(model.name) : pipeline?.reason}
        </Notice>
      )}
      <div className={classes.expects}>
        {pipeline?.preProcessing ? (
          text.anyFile(pipeline.preProcessing)
        ) : (
          <>
            {text.jsonFiles}
            {model?.inputs.map((tensor) => (
              <TensorLine key={tensor.name} tensor={tensor} />
            ))}
          </>
        )}
      </div>
    </>
  );
}
