import { Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useResource } from "../../api/resources.js";
import { Packages } from "../../components/environment/Packages.jsx";
import { Facts } from "../../components/Facts.jsx";
import { Notice } from "../../components/Notice.jsx";
import { QueryView } from "../../components/QueryView.jsx";
import { SourceView } from "../../components/SourceView.jsx";
import { Time } from "../../components/Time.jsx";
import { formatExactBytes } from "../../lib/format.js";
import { words } from "../../words.js";

/** @import { Resource } from "../../api/types.js" */

const text = words.resources;

/**
 * A resource's warnings, source and facts.
 *
 * @param {object} props
 * @param {Resource} props.resource
 * @param {boolean} props.mayChange
 * @param {boolean} props.opened
 * @param {() => void} props.onClose
 */
export function ResourceDetails({ resource, mayChange, opened, onClose }) {
  const { name, kind, warnings, environment, sizeBytes, usedBy, createdAt, sha256 } = resource;
  /** @type {[string, React.ReactNode][]} */
  const packages = environment
    ? [
        [
          words.environments.title,
          <Packages key="packages" environment={environment} mayChange={mayChange} />,
        ],
      ]
    : [];
  return (
    <Modal opened={opened} onClose={onClose} title={text.details(name)} size="xl">
      <Stack>
        {warnings.length > 0 && (
          <Notice tone="warning" title={words.common.warnings(warnings.length)}>
            {warnings.map((warning) => (
              <div key={warning.message}>{warning.message}</div>
            ))}
          </Notice>
        )}
        <Source name={name} marked={warnings.map(({ line }) => line)} />
        <Facts
          facts={[
            ...packages,
            [text.kind, text.kinds[kind]],
            [words.common.size, formatExactBytes(sizeBytes)],
            [words.models.sha256, sha256],
            [words.common.added, <Time key="added" at={createdAt} />],
            [words.common.usedBy, usedBy.join(", ") || words.common.none],
          ]}
        />
      </Stack>
    </Modal>
  );
}

/**
 * Loads the text; only while the details are open.
 *
 * @param {object} props
 * @param {string} props.name
 * @param {number[]} props.marked
 */
function Source({ name, marked }) {
  const resource = useResource(name);
  return (
    <QueryView query={resource} skeleton={<Skeleton height={200} />}>
      {({ text: source }) =>
        source == null ? (
          <Text size="sm" c="dimmed">
            {text.notText}
          </Text>
        ) : (
          <SourceView label={text.source} text={source} marked={marked} />
        )
      }
    </QueryView>
  );
}
