import { Button, Group, Stack } from "@mantine/core";
import { Link } from "wouter";
import { Notice } from "../../components/Notice.jsx";
import { words } from "../../words.js";

/**
 * In place of the form while no model is there to make a pipeline of.
 *
 * @param {object} props
 * @param {() => void} props.onClose
 */
export function NoModels({ onClose }) {
  return (
    <Stack>
      <Notice tone="info">{words.pipelines.noModels}</Notice>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {words.common.cancel}
        </Button>
        <Button component={Link} href="/models" data-autofocus>
          {words.pipelines.goToModels}
        </Button>
      </Group>
    </Stack>
  );
}
