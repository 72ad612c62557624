import { Code, Table, Text } from "@mantine/core";
import { useId } from "react";
import { formatShape } from "../../lib/format.js";
import { words } from "../../words.js";

/** @import { Tensor } from "../../api/types.js" */

/**
 * A model's inputs or outputs in its order.
 *
 * @param {object} props
 * @param {string} props.title
 * @param {Tensor[]} props.tensors
 */
export function TensorTable({ title, tensors }) {
  const id = useId();
  return (
    <div>
      <Text id={id} component="h3" size="sm" fw={600} m={0} mb={4}>
        {title}
      </Text>
      <Table aria-labelledby={id} verticalSpacing={6} horizontalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="50%">{words.common.name}</Table.Th>
            <Table.Th w="20%">{words.models.type}</Table.Th>
            <Table.Th>{words.models.shape}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tensors.map((tensor) => (
            <Table.Tr key={tensor.name}>
              <Table.Td style={{ overflowWrap: "anywhere" }}>{tensor.name}</Table.Td>
              <Table.Td>
                <Code style={{ overflowWrap: "anywhere" }}>{tensor.datatype ?? tensor.type}</Code>
              </Table.Td>
              <Table.Td>{tensor.shape && <Code>{formatShape(tensor)}</Code>}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
