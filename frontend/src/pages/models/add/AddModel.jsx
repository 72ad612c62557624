import { Modal, SimpleGrid, Textarea, TextInput } from "@mantine/core";
import { useEffect, useEffectEvent, useState } from "react";
import { useAddModel } from "../../../api/models.js";
import { UploadForm } from "../../../components/upload/UploadForm.jsx";
import { useUploads } from "../../../components/upload/useUploads.js";
import { words } from "../../../words.js";
import { LooseFiles } from "./LooseFiles.jsx";
import { sortFiles, stemOf, withData } from "./sortFiles.js";

/** @import { ModelLoad } from "./sortFiles.js" */

const text = words.models;
const FIELDS = ["name", "description"];

/**
 * The modal by which models are uploaded.
 *
 * @param {object} props
 * @param {readonly File[]} props.files that were dropped onto the page
 * @param {boolean} props.opened
 * @param {() => void} props.onClose
 */
export function AddModel({ files, opened, onClose }) {
  return (
    <Modal opened={opened} onClose={onClose} title={text.add} size="lg" closeOnClickOutside={false}>
      <AddModelForm dropped={files} onClose={onClose} />
    </Modal>
  );
}

/**
 * @param {object} props
 * @param {readonly File[]} props.dropped
 * @param {() => void} props.onClose
 */
function AddModelForm({ dropped, onClose }) {
  const add = useAddModel();
  const uploads = useUploads((/** @type {ModelLoad} */ load, tools) =>
    add.mutateAsync({ ...load, ...tools }),
  );
  const { queue, items } = uploads;
  const [loose, setLoose] = useState(/** @type {File[]} */ ([]));

  const take = (/** @type {readonly File[]} */ chosen) => {
    // What is under way, or there already, gets no more files.
    const open = queue
      .items()
      .filter(({ state }) => state === "new" || state === "failed" || state === "cancelled");
    const sorted = sortFiles(
      [...loose, ...chosen],
      open.map(({ load }) => load),
    );
    for (const [at, { id, load }] of open.entries()) {
      if (sorted.loads[at] !== load) queue.change(id, sorted.loads[at]);
    }
    queue.add(sorted.loads.slice(open.length));
    setLoose(sorted.loose);
  };
  const takeDropped = useEffectEvent(take);
  useEffect(() => takeDropped(dropped), [dropped]);

  return (
    <UploadForm
      uploads={uploads}
      label={text.files}
      hint={text.filesHint}
      missing={text.filesMissing}
      checking={text.checking}
      failedTitle={text.notAdded}
      fields={FIELDS}
      wasAdded={text.wasAdded}
      wereAdded={text.wereAdded}
      onFiles={take}
      onClose={onClose}
      remarks={
        <LooseFiles
          files={loose}
          items={items}
          onGive={(file, { id, load }) => {
            queue.change(id, withData(load, file));
            setLoose(loose.filter((other) => other !== file));
          }}
          onRemove={(file) => setLoose(loose.filter((other) => other !== file))}
        />
      }
    >
      {(load, { errors, change, disabled }) => (
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" verticalSpacing="xs">
          <TextInput
            label={words.common.name}
            placeholder={stemOf(load)}
            value={load.name}
            onChange={(event) => change({ ...load, name: event.currentTarget.value })}
            disabled={disabled}
            error={errors.name}
          />
          <Textarea
            label={text.description}
            value={load.description}
            onChange={(event) => change({ ...load, description: event.currentTarget.value })}
            disabled={disabled}
            error={errors.description}
            autosize
            minRows={1}
            maxRows={4}
          />
        </SimpleGrid>
      )}
    </UploadForm>
  );
}
