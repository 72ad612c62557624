import { Stack, Text, Title } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { words } from "../words.js";

/**
 * In place of what one's role doesn't show.
 *
 * @param {object} props
 * @param {import("../api/types.js").Role} props.role
 */
export function NotAllowed({ role }) {
  return (
    <Stack align="center" gap="sm" py={64}>
      <IconLock size={36} stroke={1.5} color="var(--quiet)" aria-hidden="true" />
      <Title order={2} size="h4">
        {words.errors.notAllowed}
      </Title>
      <Text maw={520} ta="center">
        {words.errors.notAllowedHint(role)}
      </Text>
    </Stack>
  );
}
