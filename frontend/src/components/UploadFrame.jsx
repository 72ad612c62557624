import { Button, Group, Stack } from "@mantine/core";
import { useState } from "react";
import { ApiError, isAbort } from "../api/errors.js";
import { useSystem } from "../api/session.js";
import { formatBytes, formatLimit } from "../lib/format.js";
import { words } from "../words.js";
import { Broken } from "./editor/Broken.jsx";
import { Failure } from "./Failure.jsx";
import { UploadProgress } from "./UploadProgress.jsx";

/** The fields that every upload form shows errors beside. */
const FIELDS = ["file", "name", "kind"];

/**
 * What all upload forms share: checks before anything is sent, progress, the error, Upload and Cancel.
 *
 * @param {object} props
 * @param {import("@tanstack/react-query").UseMutationResult<any, unknown, any>} props.mutation
 * @param {readonly File[]} props.files
 * @param {string} props.fileMissing
 * @param {number} props.fraction of the upload, 0..1
 * @param {string} props.checking what the server does with the file afterwards
 * @param {string} props.failedTitle
 * @param {() => void} props.onSubmit
 * @param {() => void} props.onCancel
 * @param {(errors: Record<string, string | undefined>) => React.ReactNode} props.children the fields, given each one's error
 */
export function UploadFrame({
  mutation,
  files,
  fileMissing,
  fraction,
  checking,
  failedTitle,
  onSubmit,
  onCancel,
  children,
}) {
  const [problem, setProblem] = useState(/** @type {string | undefined} */ (undefined));
  const limitBytes = useSystem().data?.maxUploadBytes ?? Number.POSITIVE_INFINITY;
  const { error } = mutation;
  const fields = error instanceof ApiError ? error.fields : {};
  const isBesideAField = Object.keys(fields).some((field) => FIELDS.includes(field));

  const submit = (/** @type {React.FormEvent} */ event) => {
    event.preventDefault();
    const sizeBytes = files.reduce((sum, file) => sum + file.size, 0);
    let found;
    if (files.length === 0) found = fileMissing;
    else if (sizeBytes > limitBytes)
      found = words.files.tooLarge(formatBytes(sizeBytes), formatLimit(limitBytes));
    setProblem(found);
    if (!found) onSubmit();
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {children({ ...fields, file: problem ?? fields.file })}
        {mutation.isPending && <UploadProgress fraction={fraction} afterwards={checking} />}
        {error && !isAbort(error) && !isBesideAField ? <Refusal error={error} title={failedTitle} /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {words.common.cancel}
          </Button>
          <Button type="submit" loading={mutation.isPending}>
            {words.common.upload}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/**
 * @param {object} props
 * @param {unknown} props.error
 * @param {string} props.title
 */
function Refusal({ error, title }) {
  if (error instanceof ApiError && Array.isArray(error.details.pipelines)) {
    return <Broken name="" pipelines={error.details.pipelines} />;
  }
  return <Failure error={error} title={title} />;
}
