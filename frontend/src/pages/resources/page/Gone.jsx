import { Stack, Text } from "@mantine/core";
import { CodeView } from "../../../components/editor/CodeView.jsx";
import { readDraft } from "../../../components/editor/drafts.js";
import { GoneItem } from "../../../components/GoneItem.jsx";
import { words } from "../../../words.js";

const text = words.resources;

/**
 * In place of a resource that isn't there, with what one wrote in it and didn't save.
 *
 * @param {object} props
 * @param {string} props.name
 * @param {boolean} props.isNews whether it was there when the page was opened
 */
export function Gone({ name, isNews }) {
  const draft = readDraft(name);
  return (
    <GoneItem
      title={text.gone(name)}
      hint={text.goneHint}
      back="/resources"
      backLabel={text.goToResources}
      isNews={isNews}
    >
      {draft && (
        <Stack gap={4} w="100%">
          <Text size="sm" fw={500}>
            {text.draftLeft}
          </Text>
          <CodeView name={name} label={text.draftLeft} text={draft.text} />
        </Stack>
      )}
    </GoneItem>
  );
}
