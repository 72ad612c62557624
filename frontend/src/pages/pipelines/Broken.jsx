import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconRefresh } from "@tabler/icons-react";
import { useId } from "react";
import { ApiError } from "../../api/errors.js";
import { useRetryPipeline } from "../../api/pipelines.js";
import { words } from "../../words.js";
import classes from "./Broken.module.css";

/** @import { Pipeline } from "../../api/types.js" */

const text = words.pipelines;
/** About what fits into the lines that a card shows at first. */
const SHORT = 140;

/**
 * Why a pipeline is broken and which step is to blame, with a way to try again; nothing while it isn't.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 * @param {boolean} props.mayChange
 * @param {boolean} [props.flat] side by side, as in a table
 */
export function Broken({ pipeline, mayChange, flat }) {
  const retry = useRetryPipeline();
  const { name, state } = pipeline;
  // A pipeline that is being tried is no longer broken, but it isn't known yet how that ends.
  if (state !== "broken" && !retry.isPending) return null;

  const tryAgain = () =>
    retry.mutate(name, {
      onSuccess: (tried) =>
        notifications.show({
          message: text.wasRetried(name, tried.state),
          color: tried.state === "broken" ? "red" : undefined,
        }),
    });

  return (
    <div className={classes.broken} data-flat={flat}>
      {state === "broken" && <Reason pipeline={pipeline} />}
      {mayChange && (
        <div className={classes.retry}>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconRefresh size={14} aria-hidden="true" />}
            aria-label={text.retry(name)}
            loading={retry.isPending}
            onClick={tryAgain}
          >
            {words.common.retry}
          </Button>
          <Text span size="xs" c="dimmed" role="status">
            {retry.isPending && text.retrying}
          </Text>
        </div>
      )}
      {retry.error && (
        <p className={classes.reason} role="alert">
          {retry.error instanceof ApiError ? retry.error.message : words.errors.crashed}
        </p>
      )}
    </div>
  );
}

/**
 * @param {object} props
 * @param {Pipeline} props.pipeline
 */
function Reason({ pipeline: { reason, steps } }) {
  const [whole, { toggle }] = useDisclosure(false);
  const id = useId();
  const why = reason ?? words.states.hints.broken;
  const isLong = why.length > SHORT || why.includes("\n");
  const blamed = steps.filter(({ ready }) => !ready);
  return (
    <>
      <p id={id} className={classes.reason} data-shortened={isLong && !whole}>
        {text.brokenFor(why)}
      </p>
      {isLong && (
        <button
          type="button"
          className={classes.more}
          aria-expanded={whole}
          aria-describedby={id}
          onClick={toggle}
        >
          {whole ? text.shortReason : text.wholeReason}
        </button>
      )}
      {blamed.map(({ step, name }) => (
        <div key={step} className={classes.step}>
          {text.blamed(words.steps[step], name)}
        </div>
      ))}
    </>
  );
}
