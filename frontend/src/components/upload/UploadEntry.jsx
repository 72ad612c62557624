import { Button, CloseButton } from "@mantine/core";
import { IconCircleCheck, IconFile } from "@tabler/icons-react";
import { ApiError, isAbort } from "../../api/errors.js";
import { formatBytes } from "../../lib/format.js";
import { words } from "../../words.js";
import { Failure } from "../Failure.jsx";
import { UploadProgress } from "../UploadProgress.jsx";
import classes from "./UploadEntry.module.css";
import { sizeOf } from "./useUploads.js";

const text = words.uploads;

/**
 * One thing to upload: its files, its fields, how far it is, and why it was refused.
 *
 * @param {object} props
 * @param {import("../../lib/WorkQueue.js").Item<import("./useUploads.js").UploadLoad, {name: string}>} props.item
 * @param {string} props.checking
 * @param {string} props.failedTitle
 * @param {readonly string[]} props.fields that show their error themselves
 * @param {() => void} props.onCancel
 * @param {() => void} props.onRemove
 * @param {(tools: {errors: Record<string, string | undefined>, disabled: boolean}) => React.ReactNode} props.children
 */
export function UploadEntry({ item, checking, failedTitle, fields, onCancel, onRemove, children }) {
  const { load, state, fraction, error } = item;
  const [main, ...others] = load.files;
  const isUnderWay = state === "waiting" || state === "running";
  const errors = error instanceof ApiError ? error.fields : {};
  const isBesideAField = fields.some((field) => errors[field]);
  return (
    <fieldset className={classes.entry} aria-label={main.name}>
      <div className={classes.head}>
        <IconFile size={18} stroke={1.7} className={classes.icon} aria-hidden="true" />
        <div className={classes.files}>
          {[main, ...others].map((file) => (
            <div key={file.name} className={classes.name}>
              {file.name}
            </div>
          ))}
        </div>
        <span className={classes.size}>{formatBytes(sizeOf(load.files))}</span>
        {!isUnderWay && state !== "done" && (
          <CloseButton size="sm" aria-label={words.files.remove(main.name)} onClick={onRemove} />
        )}
      </div>
      {state === "done" ? (
        <p className={classes.done}>
          <IconCircleCheck size={16} stroke={1.9} aria-hidden="true" />
          {text.added(item.result?.name ?? "")}
        </p>
      ) : (
        children({ errors, disabled: isUnderWay })
      )}
      {state === "running" && (
        <div className={classes.progress}>
          <UploadProgress fraction={fraction} afterwards={checking} />
          <Button
            size="compact-sm"
            variant="default"
            onClick={onCancel}
            aria-label={words.files.cancel(main.name)}
          >
            {words.common.cancel}
          </Button>
        </div>
      )}
      {(state === "waiting" || state === "cancelled") && <p className={classes.note}>{text[state]}</p>}
      {error && !isAbort(error) && !isBesideAField ? <Failure error={error} title={failedTitle} /> : null}
    </fieldset>
  );
}
