import { Button, Stack, Text, Title } from "@mantine/core";
import { IconMapPinOff } from "@tabler/icons-react";
import { Link } from "wouter";

/**
 * In place of a thing that isn't there: never was, or was deleted while one looked at it.
 *
 * @param {object} props
 * @param {string} props.title
 * @param {string} props.hint
 * @param {string} props.back where all of them are
 * @param {string} props.backLabel
 * @param {boolean} props.isNews whether it was there when the page was opened
 * @param {React.ReactNode} [props.children] what is left of it
 */
export function GoneItem({ title, hint, back, backLabel, isNews, children }) {
  return (
    <Stack align="center" gap="sm" py={64} role={isNews ? "alert" : undefined}>
      <IconMapPinOff size={36} stroke={1.5} color="var(--quiet)" aria-hidden="true" />
      <Title order={2} size="h4" ta="center" style={{ overflowWrap: "anywhere" }}>
        {title}
      </Title>
      <Text maw={520} ta="center">
        {hint}
      </Text>
      <Button component={Link} href={back} variant="default">
        {backLabel}
      </Button>
      {children}
    </Stack>
  );
}
