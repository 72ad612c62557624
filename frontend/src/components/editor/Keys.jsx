import { Text } from "@mantine/core";
import { words } from "../../words.js";

/**
 * The keys that do something in the editor; the way out by keyboard first of all.
 *
 * @param {object} props
 * @param {string} props.id by which the editor refers to it
 */
export function Keys({ id }) {
  return (
    <Text id={id} size="xs" c="dimmed">
      {words.editor.keys}
    </Text>
  );
}
