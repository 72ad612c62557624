import { Anchor, Skeleton, Stack, Text, Title } from "@mantine/core";
import { apiUrl } from "../../api/address.js";
import { useOpenApi } from "../../api/openapi.js";
import { Page } from "../../components/Page.jsx";
import { QueryView } from "../../components/QueryView.jsx";
import { words } from "../../words.js";
import { Operation } from "./Operation.jsx";
import { Prose } from "./Prose.jsx";

/** @import { OpenApi } from "../../api/openapi.js" */

/** What programs can ask the server for, from its own description; questions can be tried. */
export default function DocsPage() {
  const openApi = useOpenApi();
  return (
    <Page title={words.docs.title}>
      <QueryView query={openApi} skeleton={<Skeleton height={320} radius={6} />}>
        {(found) => (
          <Stack gap={32} maw="60rem">
            <Stack gap={8}>
              <Prose text={found.info.description} />
              <Anchor href={apiUrl("openapi.json")}>{words.docs.document}</Anchor>
            </Stack>
            {found.tags.map((tag) => (
              <section key={tag.name} aria-label={tag.name}>
                <Title order={2} size="h3">
                  {tag.name}
                </Title>
                <Text c="var(--quiet)" mb="sm" component="div">
                  <Prose text={tag.description} />
                </Text>
                {operationsOf(found, tag.name).map((one) => (
                  <Operation key={one.operation.operationId} {...one} schemas={found.components.schemas} />
                ))}
              </section>
            ))}
          </Stack>
        )}
      </QueryView>
    </Page>
  );
}

/**
 * @param {OpenApi} found
 * @param {string} tag
 */
function operationsOf(found, tag) {
  return Object.entries(found.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => operation.tags.includes(tag))
      .map(([method, operation]) => ({ path, method, operation })),
  );
}
