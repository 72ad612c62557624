import { Button, Group, Progress, Stack } from "@mantine/core";
import { IconExternalLink, IconRefresh } from "@tabler/icons-react";
import { environmentLogUrl, useRebuildEnvironment } from "../../api/environments.js";
import { words } from "../../words.js";
import { Failure } from "../Failure.jsx";
import { LogEnd } from "./LogEnd.jsx";
import classes from "./Packages.module.css";

/** @import { Environment } from "../../api/types.js" */

const text = words.environments;

/**
 * What scripts need, whether it is installed, and what the installation said while that matters.
 *
 * @param {object} props
 * @param {Environment} props.environment
 * @param {boolean} props.mayChange
 */
export function Packages({ environment, mayChange }) {
  const rebuild = useRebuildEnvironment();
  const { key, state, requires, reason } = environment;
  const hint = state in text.hints && text.hints[/** @type {keyof typeof text.hints} */ (state)];
  return (
    <Stack gap={8} className={classes.packages}>
      <ul className={classes.list}>
        {requires.map((requirement) => (
          <li key={requirement}>{requirement}</li>
        ))}
      </ul>
      <div className={classes.state} data-state={state} role="status">
        <span>{text.states[state]}</span>
        {hint && <span className={classes.hint}> {hint}</span>}
      </div>
      {state === "building" && (
        <Progress.Root size="sm">
          <Progress.Section
            value={100}
            animated
            withAria={false}
            role="progressbar"
            aria-label={text.progress}
          />
        </Progress.Root>
      )}
      {state === "failed" && reason && <p className={classes.reason}>{reason}</p>}
      {(state === "building" || state === "failed") && <LogEnd environment={environment} />}
      {rebuild.error && <Failure error={rebuild.error} title={text.notRebuilt} />}
      <Group gap={8}>
        {state !== "absent" && state !== "off" && (
          <Button
            component="a"
            href={environmentLogUrl(environment)}
            target="_blank"
            rel="noopener"
            size="compact-sm"
            variant="default"
            leftSection={<IconExternalLink size={14} aria-hidden="true" />}
          >
            {text.openWholeLog}
          </Button>
        )}
        {mayChange && state !== "off" && (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconRefresh size={14} aria-hidden="true" />}
            loading={rebuild.isPending}
            disabled={state === "building"}
            onClick={() => rebuild.mutate(key)}
          >
            {text.rebuild}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
