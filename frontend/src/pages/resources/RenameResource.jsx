import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useLocation } from "wouter";
import { ApiError } from "../../api/errors.js";
import { useRenameResource } from "../../api/resources.js";
import { readDraft } from "../../components/editor/drafts.js";
import { Failure } from "../../components/Failure.jsx";
import { Notice } from "../../components/Notice.jsx";
import { resourceLink } from "../../lib/links.js";
import { words } from "../../words.js";

/** @import { Resource } from "../../api/types.js" */

const text = words.resources;

/**
 * The modal by which a resource gets another name; its page moves along.
 *
 * @param {object} props
 * @param {Resource} props.resource
 * @param {boolean} props.opened
 * @param {() => void} props.onClose
 */
export function RenameResource({ resource, opened, onClose }) {
  return (
    <Modal opened={opened} onClose={onClose} title={text.renameTitle(resource.name)}>
      <RenameForm resource={resource} onClose={onClose} />
    </Modal>
  );
}

/**
 * @param {object} props
 * @param {Resource} props.resource
 * @param {() => void} props.onClose
 */
function RenameForm({ resource, onClose }) {
  const [name, setName] = useState(resource.name);
  const rename = useRenameResource();
  const [, navigate] = useLocation();
  const { error } = rename;
  const besideField = error instanceof ApiError ? error.fields.name : undefined;
  const isDirty = readDraft(resource.name) !== null;

  const submit = (/** @type {React.FormEvent} */ event) => {
    event.preventDefault();
    if (name === resource.name) onClose();
    else
      rename.mutate(
        { resource, name },
        {
          onSuccess: (renamed) => {
            onClose();
            notifications.show({ message: text.wasRenamed(resource.name, renamed.name) });
            navigate(resourceLink(renamed.name), { replace: true });
          },
        },
      );
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {isDirty && <Notice tone="warning">{text.renameDirty}</Notice>}
        <TextInput
          label={words.common.name}
          description={resource.kind === "data" ? text.renameHint : text.renameScriptHint}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={besideField}
          disabled={rename.isPending}
          data-autofocus
        />
        {error && !besideField ? <Failure error={error} title={text.notRenamed} /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.common.cancel}
          </Button>
          <Button type="submit" loading={rename.isPending} disabled={isDirty || name.trim() === ""}>
            {text.rename}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
