import { Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useReplaceModel } from "../../api/models.js";
import { FileDrop } from "../../components/FileDrop.jsx";
import { UploadFrame } from "../../components/UploadFrame.jsx";
import { useAbort } from "../../lib/useAbort.js";
import { words } from "../../words.js";

/** @import { Model, ReplacedModel } from "../../api/types.js" */

const text = words.models;

/**
 * The modal by which a model gets the content of another file, in all its pipelines.
 *
 * @param {object} props
 * @param {Model} props.model
 * @param {boolean} props.opened
 * @param {() => void} props.onClose
 * @param {(result: ReplacedModel) => void} [props.onReplaced]
 */
export function ReplaceModel({ model, opened, onClose, onReplaced }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={text.replaceTitle(model.name)}
      size="lg"
      closeOnClickOutside={false}
    >
      <ReplaceForm model={model} onClose={onClose} onReplaced={onReplaced} />
    </Modal>
  );
}

/**
 * @param {object} props
 * @param {Model} props.model
 * @param {() => void} props.onClose
 * @param {(result: ReplacedModel) => void} [props.onReplaced]
 */
function ReplaceForm({ model, onClose, onReplaced }) {
  const [files, setFiles] = useState(/** @type {File[]} */ ([]));
  const [fraction, setFraction] = useState(0);
  const abort = useAbort();
  const replace = useReplaceModel();

  const submit = () => {
    setFraction(0);
    replace.mutate(
      { model, files, signal: abort.begin(), onProgress: setFraction },
      {
        onSuccess: (result) => {
          onClose();
          notifications.show({ message: text.wasReplaced(model.name, result.revision !== model.revision) });
          onReplaced?.(result);
        },
      },
    );
  };

  return (
    <UploadFrame
      mutation={replace}
      files={files}
      fileMissing={text.filesMissing}
      fraction={fraction}
      checking={words.editor.saving(model.usedBy.length)}
      failedTitle={text.notReplaced}
      onSubmit={submit}
      onCancel={onClose}
    >
      {(fields) => (
        <FileDrop
          label={text.newContent}
          hint={text.newContentHint(model.usedBy.length)}
          multiple
          required
          files={files}
          onChange={setFiles}
          disabled={replace.isPending}
          error={fields.file}
        />
      )}
    </UploadFrame>
  );
}
