import { CloseButton, Input, Text } from "@mantine/core";
import { IconFile, IconUpload } from "@tabler/icons-react";
import { useId, useState } from "react";
import { formatBytes } from "../lib/format.js";
import { words } from "../words.js";
import classes from "./FileDrop.module.css";

/**
 * A field for files: drop them, or click to choose. A real file input lies over a drawn zone, so keyboards, screen
 * readers, dropping and tests use it as one.
 *
 * @param {object} props
 * @param {string} props.label
 * @param {string} [props.hint]
 * @param {React.ReactNode} [props.error]
 * @param {boolean} [props.multiple] dropped files are added to those already there
 * @param {boolean} [props.required]
 * @param {boolean} [props.disabled]
 * @param {readonly File[]} props.files
 * @param {(files: File[]) => void} props.onChange
 */
export function FileDrop({ label, hint, error, multiple = false, required, disabled, files, onChange }) {
  const id = useId();
  const [over, setOver] = useState(false);
  const add = (/** @type {FileList | null} */ chosen) => {
    if (!chosen?.length) return;
    onChange(multiple ? [...without(files, chosen), ...chosen] : [chosen[0]]);
  };
  return (
    <Input.Wrapper id={id} label={label} description={hint} error={error} withAsterisk={required}>
      <div className={classes.zone} data-over={over} data-error={Boolean(error)} data-disabled={disabled}>
        <input
          id={id}
          type="file"
          className={classes.input}
          multiple={multiple}
          disabled={disabled}
          required={required}
          // Else the browser's own hint covers what stands in the zone.
          title=""
          onDragEnter={() => setOver(true)}
          onDragLeave={() => setOver(false)}
          onDrop={() => setOver(false)}
          aria-invalid={Boolean(error)}
          aria-describedby={error ? `${id}-error` : hint ? `${id}-description` : undefined}
          onChange={(event) => {
            add(event.currentTarget.files);
            // So that choosing the same file again, after it was changed on disk, counts as a choice.
            event.currentTarget.value = "";
          }}
        />
        <IconUpload size={20} stroke={1.7} aria-hidden="true" />
        <Text size="sm" fw={500}>
          {multiple ? words.files.dropMany : words.files.drop}
        </Text>
        <Text size="xs" c="dimmed">
          {words.files.browse}
        </Text>
      </div>
      {files.length > 0 && (
        <ul className={classes.files}>
          {files.map((file) => (
            <li key={file.name} className={classes.file}>
              <IconFile size={16} stroke={1.7} className={classes.icon} aria-hidden="true" />
              <span className={classes.name}>{file.name}</span>
              <span className={classes.size}>{formatBytes(file.size)}</span>
              <CloseButton
                size="sm"
                disabled={disabled}
                aria-label={words.files.remove(file.name)}
                onClick={() => onChange(files.filter((other) => other !== file))}
              />
            </li>
          ))}
        </ul>
      )}
    </Input.Wrapper>
  );
}

/**
 * The files that no newly chosen one replaces.
 *
 * @param {readonly File[]} files
 * @param {FileList} chosen
 * @returns {File[]}
 */
function without(files, chosen) {
  const names = new Set([...chosen].map((file) => file.name));
  return files.filter((file) => !names.has(file.name));
}
