import { Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useReplaceModel } from "../../api/models.js";
import { ReplaceForm } from "../../components/upload/ReplaceForm.jsx";
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
      <Form model={model} onClose={onClose} onReplaced={onReplaced} />
    </Modal>
  );
}

/**
 * @param {object} props
 * @param {Model} props.model
 * @param {() => void} props.onClose
 * @param {(result: ReplacedModel) => void} [props.onReplaced]
 */
function Form({ model, onClose, onReplaced }) {
  const { name, revision, usedBy } = model;
  return (
    <ReplaceForm
      mutation={useReplaceModel()}
      variables={(files) => ({ model, files })}
      text={{ ...text, hint: text.newContentHint(usedBy.length), missing: text.filesMissing }}
      multiple
      users={usedBy.length}
      onClose={onClose}
      onReplaced={(result) => {
        notifications.show({ message: text.wasReplaced(name, result.revision !== revision) });
        onReplaced?.(result);
      }}
    />
  );
}
