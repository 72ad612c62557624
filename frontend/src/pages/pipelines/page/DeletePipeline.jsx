import { predictionsUrl, useDeletePipeline } from "../../../api/pipelines.js";
import { ConfirmDelete } from "../../../components/ConfirmDelete.jsx";
import { words } from "../../../words.js";

const text = words.pipelines;

/**
 * Asks before a pipeline is deleted, and says what stops working then.
 *
 * @param {object} props
 * @param {string} props.name
 * @param {boolean} props.opened
 * @param {() => void} props.onClose
 * @param {() => void} props.onDeleted
 */
export function DeletePipeline({ name, opened, onClose, onDeleted }) {
  const mutation = useDeletePipeline();
  return (
    <ConfirmDelete
      title={text.delete(name)}
      question={words.pipelinePage.deleteQuestion(name, predictionsUrl(name))}
      done={text.wasDeleted(name)}
      name={name}
      mutation={mutation}
      opened={opened}
      onClose={onClose}
      onDeleted={onDeleted}
    />
  );
}
