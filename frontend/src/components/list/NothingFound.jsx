import { Button, Stack, Text } from "@mantine/core";
import { IconSearchOff } from "@tabler/icons-react";
import { words } from "../../words.js";

/**
 * In place of a list in which nothing matches what is searched.
 *
 * @param {object} props
 * @param {import("./useList.js").List<any>} props.list
 */
export function NothingFound({ list }) {
  return (
    <Stack align="center" gap="sm" py={64}>
      <IconSearchOff size={32} stroke={1.5} color="var(--quiet)" aria-hidden="true" />
      <Text ta="center" style={{ overflowWrap: "anywhere" }}>
        {words.list.nothing(list.searched)}
      </Text>
      <Button variant="default" onClick={() => list.change({ query: "" })}>
        {words.list.showAll}
      </Button>
    </Stack>
  );
}
