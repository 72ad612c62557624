import { CloseButton } from "@mantine/core";
import { ApiError } from "../../api/errors.js";
import { words } from "../../words.js";
import { Failure } from "../Failure.jsx";
import { Notice } from "../Notice.jsx";
import { PipelineLinks } from "../PipelineLinks.jsx";
import { Broken } from "./Broken.jsx";
import classes from "./SaveOutcome.module.css";

/** @import { Saving } from "./useSaving.js" */

const text = words.editor;

/**
 * How the last save ended: what it changed, or which pipeline it would have broken and where.
 *
 * @param {object} props
 * @param {string} props.name
 * @param {Saving} props.saving
 * @param {(line: number) => void} props.onGoTo
 */
export function SaveOutcome({ name, saving, onGoTo }) {
  const { isSaving, error, result } = saving;
  if (isSaving) return null;
  if (error instanceof ApiError && Array.isArray(error.details.pipelines)) {
    return <Broken name={name} pipelines={error.details.pipelines} onGoTo={onGoTo} />;
  }
  if (error) return <Failure error={error} title={text.notSaved} />;
  if (!result) return null;
  return <Saved result={result} onClose={saving.forget} />;
}

/**
 * What a new text changed.
 *
 * @param {object} props
 * @param {import("../../api/types.js").Replacement} props.result
 * @param {() => void} [props.onClose]
 */
export function Saved({ result: { pipelines, changes = [] }, onClose }) {
  return (
    <div role="status">
      <Notice
        tone="info"
        action={onClose && <CloseButton size="sm" aria-label={words.common.close} onClick={onClose} />}
      >
        {pipelines.length === 0 ? (
          <p className={classes.line}>{text.savedUnused}</p>
        ) : (
          <p className={classes.line}>
            {text.savedInUse(pipelines.length)} <PipelineLinks names={pipelines} />
          </p>
        )}
        {changes.length > 0 && (
          <ul className={classes.changes} aria-label={text.changes}>
            {changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        )}
      </Notice>
    </div>
  );
}
