import { Button, Stack, Text, Title } from "@mantine/core";
import { IconPlugConnectedX, IconRefresh } from "@tabler/icons-react";
import { ApiError } from "../api/errors.js";
import { words } from "../words.js";

/**
 * In place of a page's content: what went wrong, and a way to try again.
 *
 * @param {object} props
 * @param {unknown} props.error
 * @param {() => void} [props.onRetry]
 * @param {string} [props.retryLabel]
 */
export function ErrorState({ error, onRetry, retryLabel = words.common.retry }) {
  const message = error instanceof ApiError ? error.message : words.errors.crashed;
  const requestId = error instanceof ApiError ? error.details.requestId : undefined;
  return (
    <Stack align="center" gap="sm" py={64} role="alert">
      <IconPlugConnectedX size={36} stroke={1.5} color="var(--broken)" aria-hidden="true" />
      <Title order={2} size="h4">
        {words.errors.title}
      </Title>
      <Text maw={520} ta="center">
        {message}
      </Text>
      {requestId && (
        <Text size="xs" c="dimmed">
          {words.errors.requestId(requestId)}
        </Text>
      )}
      {onRetry && (
        <Button variant="default" leftSection={<IconRefresh size={16} />} onClick={onRetry}>
          {retryLabel}
        </Button>
      )}
    </Stack>
  );
}
