import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { words } from "../../words.js";

const text = words.editor;

/**
 * Asks whether to leave a text that isn't saved.
 *
 * @param {object} props
 * @param {string} props.name
 * @param {import("../../lib/useLeaveGuard.js").LeaveGuard} props.guard
 */
export function LeaveQuestion({ name, guard: { asks, stay, leave } }) {
  return (
    <Modal opened={asks} onClose={stay} title={text.leaveTitle} size="md">
      <Stack>
        <Text size="sm">{text.leaveQuestion(name)}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={leave}>
            {text.leave}
          </Button>
          <Button onClick={stay} data-autofocus>
            {text.stay}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
