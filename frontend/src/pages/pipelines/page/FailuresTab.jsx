import { Button, Group, Modal, Skeleton, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCircleCheck, IconEraser } from "@tabler/icons-react";
import { useClearFailures, useFailures } from "../../../api/statistics.js";
import { Failure } from "../../../components/Failure.jsx";
import { QueryView } from "../../../components/QueryView.jsx";
import { Time } from "../../../components/Time.jsx";
import { stepWord } from "../../../lib/stepWord.js";
import { words } from "../../../words.js";
import classes from "./FailuresTab.module.css";
import { FailureView } from "./FailureView.jsx";

/** @import { FailedCall, Pipeline } from "../../../api/types.js" */

const text = words.pipelinePage.failures;

/**
 * The last calls that failed: which step, why, and each of them from inside.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 * @param {ReturnType<typeof import("./useAddress.js").useAddress>} props.address
 * @param {boolean} props.mayChange
 * @param {(input: File) => void} props.onUseAgain
 */
export function FailuresTab({ pipeline, address, mayChange, onUseAgain }) {
  const failures = useFailures("pipelines", pipeline.name);
  return (
    <QueryView query={failures} skeleton={<Skeleton height={240} />}>
      {(items) => {
        if (items.length === 0) return <None />;
        const shown = items.find(({ id }) => id === address.item) ?? items[0];
        return (
          <div className={classes.both}>
            <div>
              <ul className={classes.list} aria-label={text.label}>
                {items.map((failure) => (
                  <li key={failure.id}>
                    <Entry
                      failure={failure}
                      isShown={failure === shown}
                      onShow={() => address.go("failures", failure.id)}
                    />
                  </li>
                ))}
              </ul>
              {mayChange && <Clear name={pipeline.name} />}
            </div>
            <FailureView
              key={shown.id}
              pipeline={pipeline}
              failure={shown}
              mayChange={mayChange}
              onUseAgain={onUseAgain}
            />
          </div>
        );
      }}
    </QueryView>
  );
}

/**
 * @param {object} props
 * @param {FailedCall} props.failure
 * @param {boolean} props.isShown
 * @param {() => void} props.onShow
 */
function Entry({ failure: { at, problem }, isShown, onShow }) {
  const place = [problem.step && stepWord(problem.step), problem.line && words.failure.line(problem.line)];
  return (
    <button type="button" className={classes.entry} aria-current={isShown || undefined} onClick={onShow}>
      <span className={classes.when}>
        <Time at={at} />
        <span>{place.filter(Boolean).join(", ")}</span>
      </span>
      <span className={classes.why}>{problem.exception ?? problem.detail}</span>
    </button>
  );
}

/**
 * @param {object} props
 * @param {string} props.name
 */
function Clear({ name }) {
  const [opened, { open, close }] = useDisclosure(false);
  const clear = useClearFailures("pipelines");
  return (
    <>
      <Button
        size="compact-sm"
        variant="subtle"
        mt="xs"
        leftSection={<IconEraser size={15} aria-hidden="true" />}
        onClick={open}
      >
        {text.clear}
      </Button>
      <Modal opened={opened} onClose={close} title={text.clear} size="md">
        <Stack>
          <Text size="sm">{text.clearQuestion}</Text>
          {clear.error && <Failure error={clear.error} title={text.notCleared} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              {words.common.cancel}
            </Button>
            <Button
              color="red"
              loading={clear.isPending}
              onClick={() => clear.mutate(name, { onSuccess: close })}
            >
              {text.clearNow}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}

function None() {
  return (
    <Stack align="center" gap="xs" py={40}>
      <IconCircleCheck size={32} stroke={1.5} color="var(--ready)" aria-hidden="true" />
      <Text>{text.none}</Text>
      <Text size="sm" c="dimmed" ta="center">
        {text.noneHint}
      </Text>
    </Stack>
  );
}
