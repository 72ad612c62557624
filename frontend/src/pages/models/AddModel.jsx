import { Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useAddModel } from "../../api/models.js";
import { FileDrop } from "../../components/FileDrop.jsx";
import { UploadFrame } from "../../components/UploadFrame.jsx";
import { useAbort } from "../../lib/useAbort.js";
import { words } from "../../words.js";

const text = words.models;

/**
 * The modal by which a model is uploaded.
 *
 * @param {object} props
 * @param {boolean} props.opened
 * @param {() => void} props.onClose
 */
export function AddModel({ opened, onClose }) {
  return (
    <Modal opened={opened} onClose={onClose} title={text.add} size="lg" closeOnClickOutside={false}>
      <AddModelForm onClose={onClose} />
    </Modal>
  );
}

/**
 * @param {object} props
 * @param {() => void} props.onClose
 */
function AddModelForm({ onClose }) {
  const [files, setFiles] = useState(/** @type {File[]} */ ([]));
  const [name, setName] = useState("");
  const [fraction, setFraction] = useState(0);
  const abort = useAbort();
  const add = useAddModel();
  const main = files.find((file) => file.name.toLowerCase().endsWith(".onnx"));

  const submit = () => {
    setFraction(0);
    add.mutate(
      { name: name.trim(), files, signal: abort.begin(), onProgress: setFraction },
      {
        onSuccess: (model) => {
          onClose();
          notifications.show({ message: text.wasAdded(model.name) });
        },
      },
    );
  };

  return (
    <UploadFrame
      mutation={add}
      files={files}
      fileMissing={text.filesMissing}
      fraction={fraction}
      checking={text.checking}
      failedTitle={text.notAdded}
      onSubmit={submit}
      onCancel={onClose}
    >
      {(fields) => (
        <>
          <FileDrop
            label={text.files}
            hint={text.filesHint}
            multiple
            required
            files={files}
            onChange={setFiles}
            disabled={add.isPending}
            error={fields.file}
          />
          <TextInput
            label={words.common.name}
            description={text.nameHint}
            placeholder={main?.name.replace(/\.onnx$/i, "")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            disabled={add.isPending}
            error={fields.name}
          />
        </>
      )}
    </UploadFrame>
  );
}
