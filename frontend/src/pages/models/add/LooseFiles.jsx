import { CloseButton, Group, NativeSelect } from "@mantine/core";
import { Notice } from "../../../components/Notice.jsx";
import { words } from "../../../words.js";

/** @import { ModelLoad } from "./sortFiles.js" */
/** @typedef {import("../../../lib/WorkQueue.js").Item<ModelLoad, {name: string}>} ModelItem */

const text = words.models;

/**
 * Files of which nobody can tell to which model they belong, until one says so.
 *
 * @param {object} props
 * @param {readonly File[]} props.files
 * @param {readonly ModelItem[]} props.items
 * @param {(file: File, item: ModelItem) => void} props.onGive
 * @param {(file: File) => void} props.onRemove
 */
export function LooseFiles({ files, items, onGive, onRemove }) {
  if (files.length === 0) return null;
  const open = items.filter(({ state }) => state !== "done" && state !== "waiting" && state !== "running");
  return (
    <Notice tone="warning" title={open.length > 0 ? text.loose : text.looseOnly}>
      {files.map((file) => (
        <Group key={file.name} gap="xs" mt={4} wrap="nowrap">
          <span style={{ flex: 1, minWidth: 0, overflowWrap: "anywhere" }}>{file.name}</span>
          {open.length > 0 && (
            <NativeSelect
              size="xs"
              aria-label={text.belongsTo(file.name)}
              value=""
              onChange={(event) => onGive(file, open[Number(event.currentTarget.value)])}
              data={[
                { value: "", label: text.chooseOwner, disabled: true },
                ...open.map(({ load }, at) => ({ value: String(at), label: load.files[0].name })),
              ]}
            />
          )}
          <CloseButton size="sm" aria-label={words.files.remove(file.name)} onClick={() => onRemove(file)} />
        </Group>
      ))}
    </Notice>
  );
}
