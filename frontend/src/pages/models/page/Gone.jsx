import { Button, Stack, Text, Title } from "@mantine/core";
import { IconMapPinOff } from "@tabler/icons-react";
import { Link, Redirect } from "wouter";
import { modelLink } from "../../../lib/links.js";
import { words } from "../../../words.js";

/** @import { Model } from "../../../api/types.js" */

const text = words.models;

/**
 * In place of a model that isn't there; one that has another name now is where one is led.
 *
 * @param {object} props
 * @param {string} props.name
 * @param {Model | undefined} props.known as it was last seen on this page
 * @param {readonly Model[]} props.items
 */
export function Gone({ name, known, items }) {
  const renamed = known && items.find(({ id }) => id === known.id);
  if (renamed) return <Redirect to={modelLink(renamed.name)} replace />;
  return (
    <Stack align="center" gap="sm" py={64} role={known ? "alert" : undefined}>
      <IconMapPinOff size={36} stroke={1.5} color="var(--quiet)" aria-hidden="true" />
      <Title order={2} size="h4" ta="center" style={{ overflowWrap: "anywhere" }}>
        {text.gone(name)}
      </Title>
      <Text maw={520} ta="center">
        {text.goneHint}
      </Text>
      <Button component={Link} href="/models" variant="default">
        {text.goToModels}
      </Button>
    </Stack>
  );
}
