import { Text } from "@mantine/core";

/**
 * A text of the API's description: an empty line ends a paragraph, what stands between backticks is code.
 *
 * @param {object} props
 * @param {string} [props.text]
 */
export function Prose({ text = "" }) {
  const parts = text.replace(/(?<!\n)\n(?!\n)/g, " ").split("`");
  // A text never changes its parts' places.
  const key = (/** @type {number} */ index) => String(index);
  return (
    <Text component="span" style={{ whiteSpace: "pre-line", overflowWrap: "anywhere" }}>
      {parts.map((part, index) => (index % 2 ? <code key={key(index)}>{part}</code> : part))}
    </Text>
  );
}
