import { Button, Stack, Text, Title } from "@mantine/core";
import { IconMapPinOff } from "@tabler/icons-react";
import { Link, Redirect } from "wouter";
import { CodeView } from "../../../components/editor/CodeView.jsx";
import { readDraft } from "../../../components/editor/drafts.js";
import { resourceLink } from "../../../lib/links.js";
import { words } from "../../../words.js";

/** @import { Resource } from "../../../api/types.js" */

const text = words.resources;

/**
 * In place of a resource that isn't there, with what one wrote in it and didn't save; one that has another name now is
 * where one is led.
 *
 * @param {object} props
 * @param {string} props.name
 * @param {Resource | undefined} props.known as it was last seen on this page
 * @param {readonly Resource[]} props.items
 */
export function Gone({ name, known, items }) {
  const renamed = known && items.find(({ id }) => id === known.id);
  if (renamed) return <Redirect to={resourceLink(renamed.name)} replace />;
  const draft = readDraft(name);
  return (
    <Stack align="center" gap="sm" py={64} role={known ? "alert" : undefined}>
      <IconMapPinOff size={36} stroke={1.5} color="var(--quiet)" aria-hidden="true" />
      <Title order={2} size="h4" ta="center" style={{ overflowWrap: "anywhere" }}>
        {text.gone(name)}
      </Title>
      <Text maw={520} ta="center">
        {text.goneHint}
      </Text>
      <Button component={Link} href="/resources" variant="default">
        {text.goToResources}
      </Button>
      {draft && (
        <Stack gap={4} w="100%">
          <Text size="sm" fw={500}>
            {text.draftLeft}
          </Text>
          <CodeView name={name} label={text.draftLeft} text={draft.text} />
        </Stack>
      )}
    </Stack>
  );
}
