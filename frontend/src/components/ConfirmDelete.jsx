import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { ApiError } from "../api/errors.js";
import { words } from "../words.js";
import { Notice } from "./Notice.jsx";
import { PipelineLinks } from "./PipelineLinks.jsx";

/** @type {never[]} */
const NONE = [];

/**
 * Asks before something is deleted, deletes it and says so; what pipelines use leads to them instead.
 *
 * @param {object} props
 * @param {string} props.title
 * @param {string} props.question
 * @param {string} props.done the message afterwards
 * @param {string} props.name of what is deleted, or whatever else the mutation knows it by
 * @param {string} [props.action] what the button says
 * @param {string} [props.failed] that it was not done
 * @param {readonly string[]} [props.usedBy] pipelines that can't do without it
 * @param {import("@tanstack/react-query").UseMutationResult<any, unknown, string>} props.mutation deletes by that
 * @param {boolean} props.opened
 * @param {() => void} props.onClose
 * @param {() => void} [props.onDeleted] after it was closed for that reason
 */
export function ConfirmDelete({
  title,
  question,
  done,
  name,
  action = words.common.delete,
  failed = words.notDeleted,
  usedBy = NONE,
  mutation,
  opened,
  onClose,
  onDeleted,
}) {
  const isUsed = usedBy.length > 0;
  const close = () => {
    onClose();
    mutation.reset();
  };
  const remove = () =>
    mutation.mutate(name, {
      onSuccess: () => {
        close();
        notifications.show({ message: done });
        onDeleted?.();
      },
    });
  return (
    <Modal opened={opened} onClose={close} title={title} size="md">
      <Stack>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {isUsed ? (
            <>
              {words.neededBy(usedBy.length)} <PipelineLinks names={usedBy} />
            </>
          ) : (
            question
          )}
        </Text>
        {isUsed && <Text size="sm">{words.freeFirst(usedBy.length)}</Text>}
        {mutation.isError && (
          <Notice tone="error" title={failed}>
            {explain(mutation.error)}
          </Notice>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            {words.common.cancel}
          </Button>
          {!isUsed && (
            <Button color="red" onClick={remove} loading={mutation.isPending}>
              {action}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}

/**
 * @param {unknown} error
 * @returns {string}
 */
function explain(error) {
  if (!(error instanceof ApiError)) return words.errors.crashed;
  return error.code === "in-use" ? words.inUse(error.details.pipelines) : error.message;
}
