import { Modal } from "@mantine/core";
import { words } from "../../words.js";
import { NewScriptForm } from "./NewScriptForm.jsx";

/**
 * The modal in which a script is written, beginning with a template for a model and a step.
 *
 * @param {object} props
 * @param {string | null} props.model for which it is, until another is chosen
 * @param {boolean} props.opened
 * @param {() => void} props.onClose
 */
export function NewScript({ model, opened, onClose }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={words.resources.newScript}
      size="min(64rem, 96vw)"
      closeOnClickOutside={false}
    >
      <NewScriptForm model={model} onClose={onClose} />
    </Modal>
  );
}
