import { Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useReplaceResource } from "../../api/resources.js";
import { ReplaceForm } from "../../components/upload/ReplaceForm.jsx";
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
      <Form resource={resource} onClose={onClose} onReplaced={onReplaced} />
    </Modal>
  );
}

/**
 * @param {object} props
 * @param {Resource} props.resource
 * @param {() => void} props.onClose
 * @param {(result: ReplacedResource) => void} [props.onReplaced]
 */
function Form({ resource, onClose, onReplaced }) {
  const { name, usedBy } = resource;
  return (
    <ReplaceForm
      mutation={useReplaceResource()}
      variables={([file]) => ({ resource, file })}
      text={{ ...text, hint: text.newContentHint, missing: text.fileMissing }}
      users={usedBy.length}
      onClose={onClose}
      onReplaced={(result) => {
        notifications.show({ message: text.wasReplaced(name) });
        onReplaced?.(result);
      }}
    />
  );
}
