import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Link } from "wouter";
import { ApiError, isAbort } from "../../api/errors.js";
import { useLoadExamples } from "../../api/examples.js";
import { useMayChange } from "../../api/session.js";
import { Notice } from "../../components/Notice.jsx";
import { useAbort } from "../../lib/useAbort.js";
import { words } from "../../words.js";
import classes from "./Home.module.css";
import { Section } from "./Section.jsx";

const text = words.home;
const STEPS = [
  { path: "/models", ...text.steps.model },
  { path: "/resources", ...text.steps.scripts },
  { path: "/pipelines", ...text.steps.pipeline },
];

/**
 * What to do on a server on which there is nothing yet.
 *
 * @param {object} props
 * @param {Examples} props.examples
 */
export function FirstSteps({ examples }) {
  const mayChange = useMayChange();
  return (
    <Section title={text.firstSteps}>
      <div className={classes.panel}>
        <Text maw={640}>{text.purpose}</Text>
        {mayChange ? (
          <>
            <LoadExamples examples={examples} />
            <ol className={classes.steps}>
              {STEPS.map(({ path, title, explain }) => (
                <li key={path}>
                  <Link href={path}>{title}</Link>
                  <p className={classes.quiet}>{explain}</p>
                </li>
              ))}
            </ol>
          </>
        ) : (
          <Text c="dimmed" mt="sm">
            {text.emptyRead}
          </Text>
        )}
      </div>
    </Section>
  );
}

/**
 * Loads the examples; kept by the page, for the first steps go as soon as there is something.
 *
 * @typedef {ReturnType<typeof useExamples>} Examples
 */
export function useExamples() {
  const load = useLoadExamples();
  const loading = useAbort();
  const start = () =>
    load.mutate(loading.begin(), {
      onSuccess: (items) => {
        const loaded = items.filter(({ problem }) => !problem).map(({ pipeline }) => pipeline);
        if (loaded.length) notifications.show({ message: text.loaded(loaded) });
      },
    });
  const error = isAbort(load.error) ? null : load.error;
  const problems = load.data?.filter(({ problem }) => problem) ?? [];
  const isBusy = load.isPending;
  return {
    start,
    cancel: loading.abort,
    isBusy,
    error,
    problems,
    isTold: !isBusy && !error && !problems.length,
  };
}

/**
 * @param {object} props
 * @param {Examples} props.examples
 */
function LoadExamples({ examples: { start, cancel, isBusy, error, problems } }) {
  return (
    <>
      <Group mt="md" gap="sm">
        <Button onClick={start} loading={isBusy}>
          {text.loadExamples}
        </Button>
        {isBusy && (
          <Button variant="default" onClick={cancel}>
            {words.common.cancel}
          </Button>
        )}
        <Text span size="sm" c="dimmed" role="status">
          {isBusy ? text.loading : text.examplesHint}
        </Text>
      </Group>
      {error && (
        <Notice tone="error" title={text.notLoaded} mb="xs">
          {error instanceof ApiError ? error.message : words.errors.crashed}
        </Notice>
      )}
      {problems.map(({ pipeline, problem }) => (
        <Notice key={pipeline} tone="error" title={text.exampleNotLoaded(pipeline)}>
          {problem?.detail}
        </Notice>
      ))}
    </>
  );
}
