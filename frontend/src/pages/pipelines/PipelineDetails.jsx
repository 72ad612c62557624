import { ActionIcon, CloseButton, Group, Popover, Text, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconInfoCircle } from "@tabler/icons-react";
import { Packages } from "../../components/environment/Packages.jsx";
import { Facts } from "../../components/Facts.jsx";
import { StateBadge } from "../../components/StateBadge.jsx";
import { Time } from "../../components/Time.jsx";
import { words } from "../../words.js";
import { NoteList } from "./Notes.jsx";

/** @import { Pipeline } from "../../api/types.js" */

/**
 * The info icon of a pipeline's card and the popover with its properties.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 * @param {boolean} props.mayChange
 */
export function PipelineDetails({ pipeline, mayChange }) {
  const [opened, { toggle, close }] = useDisclosure(false);
  const { name, model, preProcessing, postProcessing, dataFiles, state, createdAt } = pipeline;
  const { reason, notes, environment } = pipeline;
  const none = (
    <Text span inherit c="dimmed">
      {words.common.none}
    </Text>
  );
  /** @type {[string, React.ReactNode][]} */
  const packages = environment?.requires.length
    ? [
        [
          words.environments.title,
          <Packages key="packages" environment={environment} mayChange={mayChange} />,
        ],
      ]
    : [];
  return (
    <Popover opened={opened} onChange={toggle} position="bottom-end" width={320} trapFocus withinPortal>
      <Popover.Target>
        <Tooltip label={words.pipelines.detailsTitle} disabled={opened}>
          <ActionIcon onClick={toggle} aria-label={words.pipelines.details(name)}>
            <IconInfoCircle size={19} stroke={1.7} aria-hidden="true" />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown aria-label={words.pipelines.details(name)} aria-labelledby={undefined}>
        <Group justify="space-between" mb={4} wrap="nowrap">
          <Text fw={600}>{words.pipelines.detailsTitle}</Text>
          <CloseButton size="sm" onClick={close} aria-label={words.common.close} />
        </Group>
        <Facts
          facts={[
            [words.common.name, name],
            [words.pipelines.preProcessing, preProcessing ?? none],
            [words.pipelines.model, model],
            [words.pipelines.postProcessing, postProcessing ?? none],
            [
              words.pipelines.dataFiles,
              dataFiles.length ? dataFiles.map((file) => <div key={file}>{file}</div>) : none,
            ],
            [
              words.pipelines.state,
              <div key="state">
                <StateBadge state={state} />
                {reason && <div>{reason}</div>}
                <NoteList notes={notes} />
              </div>,
            ],
            ...packages,
            [words.common.added, <Time key="added" at={createdAt} />],
          ]}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
