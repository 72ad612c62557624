import { Modal, Radio, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useAddResource } from "../../api/resources.js";
import { FileDrop } from "../../components/FileDrop.jsx";
import { UploadFrame } from "../../components/UploadFrame.jsx";
import { useAbort } from "../../lib/useAbort.js";
import { words } from "../../words.js";

/** @import { ResourceKind } from "../../api/types.js" */

const text = words.resources;

/** @type {("script" | "module")[]} */
const PYTHON_KINDS = ["script", "module"];

/**
 * The modal by which a script, a helper module or a data file is uploaded.
 *
 * @param {object} props
 * @param {boolean} props.opened
 * @param {() => void} props.onClose
 */
export function AddResource({ opened, onClose }) {
  return (
    <Modal opened={opened} onClose={onClose} title={text.add} size="lg" closeOnClickOutside={false}>
      <AddResourceForm onClose={onClose} />
    </Modal>
  );
}

/**
 * @param {object} props
 * @param {() => void} props.onClose
 */
function AddResourceForm({ onClose }) {
  const [files, setFiles] = useState(/** @type {File[]} */ ([]));
  const [kind, setKind] = useState(/** @type {ResourceKind} */ ("script"));
  const [fraction, setFraction] = useState(0);
  const abort = useAbort();
  const add = useAddResource();
  const isPython = Boolean(files[0]?.name.endsWith(".py"));

  const submit = () => {
    setFraction(0);
    add.mutate(
      { file: files[0], kind: isPython ? kind : null, signal: abort.begin(), onProgress: setFraction },
      {
        onSuccess: (resource) => {
          onClose();
          notifications.show({ message: text.wasAdded(resource.name) });
        },
      },
    );
  };

  return (
    <UploadFrame
      mutation={add}
      files={files}
      fileMissing={text.fileMissing}
      fraction={fraction}
      checking={text.checking}
      failedTitle={text.notAdded}
      onSubmit={submit}
      onCancel={onClose}
    >
      {(fields) => (
        <>
          <FileDrop
            label={text.file}
            hint={text.fileHint}
            required
            files={files}
            onChange={setFiles}
            disabled={add.isPending}
            error={fields.file ?? fields.name}
          />
          {isPython && (
            <Radio.Group
              label={text.kind}
              value={kind}
              onChange={(value) => setKind(/** @type {ResourceKind} */ (value))}
              error={fields.kind}
            >
              <Stack gap={6} mt={6}>
                {PYTHON_KINDS.map((value) => (
                  <Radio
                    key={value}
                    value={value}
                    label={text.kinds[value]}
                    description={text.kindHints[value]}
                    disabled={add.isPending}
                  />
                ))}
              </Stack>
            </Radio.Group>
          )}
        </>
      )}
    </UploadFrame>
  );
}
