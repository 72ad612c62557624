import { Button, Group } from "@mantine/core";
import { FileDrop } from "../../../components/FileDrop.jsx";
import { words } from "../../../words.js";
import classes from "./Batch.module.css";
import { Expects } from "./Expects.jsx";

/** @import { Target } from "./useBatch.js" */

const text = words.batch;

/**
 * The second stage: the files. They run as soon as they are there.
 *
 * @param {object} props
 * @param {Target} props.target
 * @param {(files: readonly File[]) => void} props.onFiles
 * @param {() => void} props.onBack
 */
export function UploadFiles({ target, onFiles, onBack }) {
  return (
    <div className={classes.form}>
      <Expects target={target} />
      <FileDrop
        label={text.files(target.name)}
        hint={text.filesHint}
        multiple
        files={[]}
        onChange={onFiles}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={onBack}>
          {text.back}
        </Button>
      </Group>
    </div>
  );
}
