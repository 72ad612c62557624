import { Button, Group, Stack, Text } from "@mantine/core";
import { IconDownload, IconRepeat } from "@tabler/icons-react";
import { useId } from "react";
import { useFailureInput } from "../../../api/failures.js";
import { failureInputUrl } from "../../../api/statistics.js";
import { Facts } from "../../../components/Facts.jsx";
import { Failure } from "../../../components/Failure.jsx";
import { Time } from "../../../components/Time.jsx";
import { Xray } from "../../../components/trace/Xray.jsx";
import { formatBytes, formatDuration } from "../../../lib/format.js";
import { words } from "../../../words.js";
import { RepairScript } from "./RepairScript.jsx";

/** @import { FailedCall, Pipeline, Problem } from "../../../api/types.js" */

const text = words.pipelinePage.failures;

/**
 * One failed call from inside, with its input to use again where that is kept.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 * @param {FailedCall} props.failure
 * @param {boolean} props.mayChange
 * @param {(input: File) => void} props.onUseAgain
 */
export function FailureView({ pipeline, failure, mayChange, onUseAgain }) {
  const titleId = useId();
  const input = useFailureInput(pipeline.name);
  const { id, at, revision, requestId, durationMs, input: sent } = failure;
  const problem = /** @type {Problem} */ (failure.problem);
  const isOlder = revision !== pipeline.revision;
  const mayUseAgain = mayChange && sent.kept;
  return (
    <Stack component="section" gap="md" aria-labelledby={titleId} miw={0}>
      <Group justify="space-between" gap="xs">
        <Text component="h2" id={titleId} fw={600} m={0}>
          {text.failedCall} <Time at={at} />
        </Text>
        {mayUseAgain && (
          <Group gap="xs">
            <Button
              size="compact-sm"
              leftSection={<IconRepeat size={15} aria-hidden="true" />}
              loading={input.isPending}
              onClick={() => input.mutate({ id, fileName: text.inputName(id) }, { onSuccess: onUseAgain })}
            >
              {text.useAgain}
            </Button>
            <Button
              component="a"
              size="compact-sm"
              variant="default"
              href={failureInputUrl(pipeline.name, id)}
              download={text.inputName(id)}
              leftSection={<IconDownload size={15} aria-hidden="true" />}
            >
              {text.downloadInput}
            </Button>
          </Group>
        )}
      </Group>
      {input.error && <Failure error={input.error} title={text.noInput} />}
      {mayChange && !sent.kept && (
        <Text size="sm" c="dimmed">
          {pipeline.keepInputs ? text.notKept : text.keepingOff}
        </Text>
      )}
      {!mayChange && (
        <Text size="sm" c="dimmed">
          {text.forAdministrators}
        </Text>
      )}
      {isOlder && (
        <Text size="sm" c="dimmed">
          {text.olderRevision(revision, pipeline.revision)}
        </Text>
      )}
      <Xray
        trace={problem.trace ?? null}
        problem={problem}
        // Since then the line may have become another one; the trace has those that failed.
        renderScript={({ script, line, message, place }) => (
          <>
            {isOlder && place}
            <RepairScript
              script={script}
              line={isOlder ? undefined : line}
              message={isOlder ? undefined : message}
            />
          </>
        )}
      />
      <Facts
        facts={[
          [text.duration, formatDuration(durationMs)],
          [text.input, sent.sizeBytes === null ? words.common.none : formatBytes(sent.sizeBytes)],
          [text.revision, String(revision)],
          [text.requestId, requestId ?? words.common.none],
        ]}
      />
    </Stack>
  );
}
