import { Button, Stack, Text, Title } from "@mantine/core";
import { IconMapPinOff } from "@tabler/icons-react";
import { Link, Redirect, useSearch } from "wouter";
import { pipelineLink } from "../../../lib/links.js";
import { words } from "../../../words.js";

/** @import { Pipeline } from "../../../api/types.js" */

const text = words.pipelinePage.gone;

/**
 * In place of a pipeline that isn't there: never was, was deleted, or has another name now, which is where one is led.
 *
 * @param {object} props
 * @param {string} props.name
 * @param {Pipeline | undefined} props.known as it was last seen on this page
 * @param {Pipeline[]} props.items
 */
export function Gone({ name, known, items }) {
  const search = useSearch();
  const renamed = known && items.find(({ id }) => id === known.id);
  if (renamed) return <Redirect to={`${pipelineLink(renamed.name)}${search && `?${search}`}`} replace />;
  return (
    <Stack align="center" gap="sm" py={64} role={known ? "alert" : undefined}>
      <IconMapPinOff size={36} stroke={1.5} color="var(--quiet)" aria-hidden="true" />
      <Title order={2} size="h4" ta="center" style={{ overflowWrap: "anywhere" }}>
        {known ? text.deleted(name) : text.unknown(name)}
      </Title>
      <Text maw={520} ta="center">
        {known ? text.deletedHint : text.unknownHint}
      </Text>
      <Button component={Link} href="/pipelines" variant="default">
        {text.goToPipelines}
      </Button>
    </Stack>
  );
}
