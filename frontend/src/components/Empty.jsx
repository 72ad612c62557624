import { Text } from "@mantine/core";

/**
 * In place of a grid in which there is nothing and to which the reader may add nothing.
 *
 * @param {object} props
 * @param {string} props.text
 */
export function Empty({ text }) {
  return (
    <Text c="dimmed" ta="center" py={64}>
      {text}
    </Text>
  );
}
