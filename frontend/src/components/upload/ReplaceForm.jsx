import { useState } from "react";
import { useAbort } from "../../lib/useAbort.js";
import { words } from "../../words.js";
import { FileDrop } from "../FileDrop.jsx";
import { UploadFrame } from "../UploadFrame.jsx";

/**
 * The form by which a thing gets the content of another file, in all pipelines that use it.
 *
 * @template R
 * @param {object} props
 * @param {import("@tanstack/react-query").UseMutationResult<R, unknown, any>} props.mutation
 * @param {(files: File[]) => object} props.variables of the mutation, but for signal and progress
 * @param {{hint: string, missing: string, newContent: string, notReplaced: string}} props.text
 * @param {boolean} [props.multiple]
 * @param {number} props.users pipelines that it is tried with
 * @param {() => void} props.onClose
 * @param {(result: R) => void} props.onReplaced
 */
export function ReplaceForm({ mutation, variables, text, multiple = false, users, onClose, onReplaced }) {
  const [files, setFiles] = useState(/** @type {File[]} */ ([]));
  const [fraction, setFraction] = useState(0);
  const abort = useAbort();

  const submit = () => {
    setFraction(0);
    mutation.mutate(
      { ...variables(files), signal: abort.begin(), onProgress: setFraction },
      {
        onSuccess: (result) => {
          onClose();
          onReplaced(result);
        },
      },
    );
  };

  return (
    <UploadFrame
      mutation={mutation}
      files={files}
      fileMissing={text.missing}
      fraction={fraction}
      checking={words.editor.saving(users)}
      failedTitle={text.notReplaced}
      onSubmit={submit}
      onCancel={onClose}
    >
      {(fields) => (
        <FileDrop
          label={text.newContent}
          hint={text.hint}
          multiple={multiple}
          required
          files={files}
          onChange={setFiles}
          disabled={mutation.isPending}
          error={fields.file}
        />
      )}
    </UploadFrame>
  );
}
