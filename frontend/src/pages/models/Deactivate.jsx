import { Button, Group, List, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useEditModel } from "../../api/models.js";
import { Failure } from "../../components/Failure.jsx";
import { words } from "../../words.js";

/** @import { Model } from "../../api/types.js" */

const text = words.models;

/**
 * Says what stops when a model is deactivated, and does it.
 *
 * @param {object} props
 * @param {Model} props.model
 * @param {boolean} props.opened
 * @param {() => void} props.onClose
 */
export function Deactivate({ model, opened, onClose }) {
  const edit = useEditModel();
  const close = () => {
    onClose();
    edit.reset();
  };
  const deactivate = () =>
    edit.mutate(
      { model, changes: { active: false } },
      {
        onSuccess: () => {
          close();
          notifications.show({ message: text.wasSwitched(model.name, false) });
        },
      },
    );
  return (
    <Modal opened={opened} onClose={close} title={text.deactivateTitle(model.name)} size="md">
      <Stack>
        <Text size="sm">{text.deactivateStops(model.usedBy.length)}</Text>
        <List size="sm" style={{ overflowWrap: "anywhere" }}>
          {model.usedBy.map((pipeline) => (
            <List.Item key={pipeline} fw={600}>
              {pipeline}
            </List.Item>
          ))}
        </List>
        <Text size="sm">{text.deactivateKeeps}</Text>
        {edit.error && <Failure error={edit.error} title={text.notChanged} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            {words.common.cancel}
          </Button>
          <Button onClick={deactivate} loading={edit.isPending}>
            {text.deactivate}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
