import { Button, FileButton } from "@mantine/core";
import { words } from "../../../words.js";

/**
 * Runs more files through the same.
 *
 * @param {object} props
 * @param {(files: readonly File[]) => void} props.onFiles
 */
export function MoreFiles({ onFiles }) {
  return (
    <FileButton multiple onChange={onFiles} inputProps={{ "aria-label": words.batch.moreFiles }}>
      {(props) => (
        <Button {...props} size="compact-sm" variant="default">
          {words.batch.moreFiles}
        </Button>
      )}
    </FileButton>
  );
}
