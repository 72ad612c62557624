import { Group, Progress, Text } from "@mantine/core";
import { words } from "../words.js";

/**
 * How much of an upload is sent; once all of it is, what the server does with it.
 *
 * @param {object} props
 * @param {number} props.fraction 0..1
 * @param {string} props.afterwards
 */
export function UploadProgress({ fraction, afterwards }) {
  const percent = Math.floor(fraction * 100);
  return (
    <div>
      <Progress.Root size="sm">
        <Progress.Section value={percent} aria-label={words.files.progress} animated={percent === 100} />
      </Progress.Root>
      <Group mt={6} aria-live="polite">
        <Text size="xs" c="dimmed">
          {percent === 100 ? afterwards : words.files.sent(percent)}
        </Text>
      </Group>
    </div>
  );
}
