import { Stack, Table, Text } from "@mantine/core";
import { words } from "../../words.js";
import classes from "./Docs.module.css";
import { Example } from "./Example.jsx";
import { Prose } from "./Prose.jsx";
import { exampleOf, typeOf } from "./schemas.js";
import { TryOut } from "./TryOut.jsx";

/** @import * as api from "../../api/openapi.js" */

/**
 * One operation: its address, and, unfolded, what it takes and gives.
 *
 * @param {object} props
 * @param {string} props.path
 * @param {string} props.method
 * @param {api.Operation} props.operation
 * @param {Record<string, api.Schema>} props.schemas
 */
export function Operation({ path, method, operation, schemas }) {
  const { summary, description, parameters = [], requestBody, responses } = operation;
  const canTry =
    method === "get" && !Object.values(responses).some((one) => one.content?.["text/event-stream"]);
  return (
    <details className={classes.operation}>
      <summary>
        <code className={classes.method}>{method.toUpperCase()}</code>{" "}
        <code className={classes.path}>{path}</code> <span className={classes.what}>{summary}</span>
      </summary>
      <Stack gap="sm" className={classes.inside}>
        <Prose text={description} />
        {parameters.length > 0 && <Parameters parameters={parameters} />}
        {requestBody && (
          <Contents
            title={words.docs.body}
            text={requestBody.description}
            content={requestBody.content}
            schemas={schemas}
          />
        )}
        {Object.entries(responses).map(([status, response]) => (
          <Contents
            key={status}
            title={status}
            text={response.description}
            content={status < "300" ? response.content : undefined}
            schemas={schemas}
          />
        ))}
        {canTry && <TryOut path={path} parameters={parameters} />}
      </Stack>
    </details>
  );
}

/**
 * @param {object} props
 * @param {api.Parameter[]} props.parameters
 */
function Parameters({ parameters }) {
  return (
    <Table aria-label={words.docs.parameters}>
      <Table.Tbody>
        {parameters.map((one) => (
          <Table.Tr key={one.name}>
            <Table.Td>
              <code>{one.name}</code>
            </Table.Td>
            <Table.Td>{words.docs.place(one.in, one.required)}</Table.Td>
            <Table.Td>{typeOf(one.schema)}</Table.Td>
            <Table.Td>
              <Prose text={one.description} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/**
 * @param {object} props
 * @param {string} props.title
 * @param {string} [props.text]
 * @param {Record<string, {schema: api.Schema}>} [props.content]
 * @param {Record<string, api.Schema>} props.schemas
 */
function Contents({ title, text, content = {}, schemas }) {
  return (
    <div>
      <Text fw={600} component="span">
        {title}
      </Text>{" "}
      <Prose text={text} />
      {Object.entries(content).map(([type, { schema }]) => {
        const example = exampleOf(schema, schemas);
        return (
          <div key={type}>
            <code>{type}</code> {typeOf(schema)}
            {example !== undefined && <Example text={JSON.stringify(example, null, 2)} />}
          </div>
        );
      })}
    </div>
  );
}
