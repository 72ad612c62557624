import { Button, Group, Table, Text } from "@mantine/core";
import { Notice } from "../../../components/Notice.jsx";
import { words } from "../../../words.js";
import { showValue } from "./showValue.js";

/** @import { Pipeline } from "../../../api/types.js" */
/** @import { Field } from "./editing.js" */

const text = words.pipelinePage;

/**
 * That somebody else changed the pipeline while one was changing it: what they did, beside what stands in the form.
 *
 * @param {object} props
 * @param {Pipeline} props.before
 * @param {Pipeline} props.now
 * @param {Pick<Pipeline, Field>} props.then what would hold with one's own changes on top
 * @param {Field[]} props.fields that they changed
 * @param {() => void} props.onKeep puts one's own changes on top of theirs
 * @param {() => void} props.onDiscard
 */
export function Conflict({ before, now, then, fields, onKeep, onDiscard }) {
  return (
    <Notice tone="warning" title={text.conflict}>
      <Text size="sm" mb="xs">
        {text.conflictHint}
      </Text>
      <Table.ScrollContainer minWidth={420}>
        <Table aria-label={text.conflict} verticalSpacing={4} layout="fixed">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{text.field}</Table.Th>
              <Table.Th>{text.wasBefore}</Table.Th>
              <Table.Th>{text.isNow}</Table.Th>
              <Table.Th>{text.withMine}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {fields.map((field) => (
              <Table.Tr key={field} style={{ overflowWrap: "anywhere" }}>
                <Table.Th scope="row">{text.fields[field]}</Table.Th>
                <Table.Td>{showValue(field, before[field])}</Table.Td>
                <Table.Td>{showValue(field, now[field])}</Table.Td>
                <Table.Td>{showValue(field, then[field])}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Group mt="sm" gap="xs">
        <Button size="compact-sm" onClick={onKeep}>
          {text.keepMine}
        </Button>
        <Button size="compact-sm" variant="default" onClick={onDiscard}>
          {text.takeTheirs}
        </Button>
      </Group>
    </Notice>
  );
}
