import { Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useReplaceResource } from "../../api/resources.js";
import { FileDrop } from "../../components/FileDrop.jsx";
import { UploadFrame } from "../../components/UploadFrame.jsx";
import { useAbort } from "../../lib/useAbort.js";
import { words } from "../../words.js";

/** @import { ReplacedResource, Resource } from "../../api/types.js" */

const text = words.resources;

/**
 * The modal by which a resource gets the content of another file.
 *
 * @param {object} props
 * @param {Resource} props.resource
 * @param {boolean} props.opened
 * @param {() => void} props.onClose
 * @param {(result: ReplacedResource) => void} [props.onReplaced]
 */
export function ReplaceResource({ resource, opened, onClose, onReplaced }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={text.replaceTitle(resource.name)}
      size="lg"
      closeOnClickOutside={false}
    >
      <ReplaceForm resource={resource} onClose={onClose} onReplaced={onReplaced} />
    </Modal>
  );
}

/**
 * @param {object} props
 * @param {Resource} props.resource
 * @param {() => void} props.onClose
 * @param {(result: ReplacedResource) => void} [props.onReplaced]
 */
function ReplaceForm({ resource, onClose, onReplaced }) {
  const [files, setFiles] = useState(/** @type {File[]} */ ([]));
  const [fraction, setFraction] = useState(0);
  const abort = useAbort();
  const replace = useReplaceResource();

  const submit = () => {
    setFraction(0);
    replace.mutate(
      { resource, file: files[0], signal: abort.begin(), onProgress: setFraction },
      {
        onSuccess: (result) => {
          onClose();
          notifications.show({ message: text.wasReplaced(resource.name) });
          onReplaced?.(result);
        },
      },
    );
  };

  return (
    <UploadFrame
      mutation={replace}
      files={files}
      fileMissing={text.fileMissing}
      fraction={fraction}
      checking={words.editor.saving(resource.usedBy.length)}
      failedTitle={text.notReplaced}
      onSubmit={submit}
      onCancel={onClose}
    >
      {(fields) => (
        <FileDrop
          label={text.newContent}
          hint={text.newContentHint}
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
