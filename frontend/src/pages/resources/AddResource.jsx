import { Modal, Radio, Stack } from "@mantine/core";
import { useEffect, useEffectEvent } from "react";
import { useAddResource } from "../../api/resources.js";
import { UploadForm } from "../../components/upload/UploadForm.jsx";
import { useUploads } from "../../components/upload/useUploads.js";
import { words } from "../../words.js";

/**
 * @typedef {object} ResourceLoad
 * @property {readonly File[]} files one
 * @property {"script" | "module"} kind of a Python file
 */

const text = words.resources;
const FIELDS = ["kind"];

/** @type {ResourceLoad["kind"][]} */
const PYTHON_KINDS = ["script", "module"];

/**
 * The modal by which scripts, helper modules and data files are uploaded.
 *
 * @param {object} props
 * @param {readonly File[]} props.files that were dropped onto the page
 * @param {boolean} props.opened
 * @param {() => void} props.onClose
 */
export function AddResource({ files, opened, onClose }) {
  return (
    <Modal opened={opened} onClose={onClose} title={text.add} size="lg" closeOnClickOutside={false}>
      <AddResourceForm dropped={files} onClose={onClose} />
    </Modal>
  );
}

/**
 * @param {object} props
 * @param {readonly File[]} props.dropped
 * @param {() => void} props.onClose
 */
function AddResourceForm({ dropped, onClose }) {
  const add = useAddResource();
  const uploads = useUploads((/** @type {ResourceLoad} */ { files: [file], kind }, tools) =>
    add.mutateAsync({ file, kind: isPython(file) ? kind : null, ...tools }),
  );
  const { queue } = uploads;

  const take = (/** @type {readonly File[]} */ chosen) => {
    // What is under way, or there already, stays as it is.
    const open = queue
      .items()
      .filter(({ state }) => state === "new" || state === "failed" || state === "cancelled");
    const fresh = chosen.filter((file) => {
      const known = open.find(({ load }) => load.files[0].name === file.name);
      // Chosen anew: it was changed on disk.
      if (known) queue.change(known.id, { ...known.load, files: [file] });
      return !known;
    });
    queue.add(fresh.map((file) => ({ files: [file], kind: "script" })));
  };
  const takeDropped = useEffectEvent(take);
  useEffect(() => takeDropped(dropped), [dropped]);

  return (
    <UploadForm
      uploads={uploads}
      label={text.file}
      hint={text.fileHint}
      missing={text.fileMissing}
      checking={text.checking}
      failedTitle={text.notAdded}
      fields={FIELDS}
      wasAdded={text.wasAdded}
      wereAdded={text.wereAdded}
      onFiles={take}
      onClose={onClose}
    >
      {(load, { errors, change, disabled }) =>
        isPython(load.files[0]) && (
          <Radio.Group
            label={text.kind}
            value={load.kind}
            onChange={(value) => change({ ...load, kind: value === "module" ? "module" : "script" })}
            error={errors.kind}
          >
            <Stack gap={6} mt={6}>
              {PYTHON_KINDS.map((value) => (
                <Radio
                  key={value}
                  value={value}
                  label={text.kinds[value]}
                  description={text.kindHints[value]}
                  disabled={disabled}
                />
              ))}
            </Stack>
          </Radio.Group>
        )
      }
    </UploadForm>
  );
}

/**
 * @param {File} file
 * @returns {boolean}
 */
function isPython({ name }) {
  return name.endsWith(".py");
}
