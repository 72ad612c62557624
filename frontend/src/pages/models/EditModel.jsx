import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { ApiError } from "../../api/errors.js";
import { useEditModel } from "../../api/models.js";
import { Failure } from "../../components/Failure.jsx";
import { Notice } from "../../components/Notice.jsx";
import { words } from "../../words.js";

/** @import { Model } from "../../api/types.js" */

const text = words.models;

/**
 * The modal by which a model gets another name or description; its page moves along.
 *
 * @param {object} props
 * @param {Model} props.model
 * @param {boolean} props.opened
 * @param {() => void} props.onClose
 */
export function EditModel({ model, opened, onClose }) {
  return (
    <Modal opened={opened} onClose={onClose} title={text.editTitle(model.name)} closeOnClickOutside={false}>
      <EditForm model={model} onClose={onClose} />
    </Modal>
  );
}

/**
 * @param {object} props
 * @param {Model} props.model
 * @param {() => void} props.onClose
 */
function EditForm({ model, onClose }) {
  const [before] = useState(model);
  const [name, setName] = useState(before.name);
  const [description, setDescription] = useState(before.description);
  const edit = useEditModel();
  const { error } = edit;
  const fields = error instanceof ApiError ? error.fields : {};

  const submit = (/** @type {React.FormEvent} */ event) => {
    event.preventDefault();
    /** @type {{name?: string, description?: string}} */
    const changes = {};
    if (name !== before.name) changes.name = name;
    if (description !== before.description) changes.description = description;
    edit.mutate(
      { model, changes },
      {
        onSuccess: (edited) => {
          onClose();
          notifications.show({ message: text.wasChanged(edited.name) });
        },
      },
    );
  };

  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label={words.common.name}
          description={text.renameHint}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          disabled={edit.isPending}
          error={fields.name}
          data-autofocus
        />
        <Textarea
          label={text.description}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          disabled={edit.isPending}
          error={fields.description}
          autosize
          minRows={3}
          maxRows={10}
        />
        {error && !fields.name && !fields.description ? (
          <Failure error={error} title={text.notChanged} />
        ) : null}
        {model.name !== before.name && <Notice tone="warning">{text.theirName(model.name)}</Notice>}
        {model.description !== before.description && (
          <Notice tone="warning" title={text.theirDescription}>
            {model.description}
          </Notice>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.common.cancel}
          </Button>
          <Button
            type="submit"
            loading={edit.isPending}
            disabled={!name.trim() || (name === before.name && description === before.description)}
          >
            {text.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
