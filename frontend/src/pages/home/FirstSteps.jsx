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

/** What to do on a server on which there is nothing yet. */
export function FirstSteps() {
  const mayChange = useMayChange();
  return (
    <Section title={text.firstSteps}>
      <div className={classes.panel}>
        <Text maw={640}>{text.purpose}</Text>
        {mayChange ? (
          <>
            <Examples />
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

function Examples() {
  const load = useLoadExamples();
  const loading = useAbort();

  const start = () =>
    load.mutate(loading.begin(), {
      onSuccess: (items) => {
        const loaded = items.filter(({ problem }) => !problem).map(({ pipeline }) => pipeline);
        if (loaded.length) notifications.show({ message: text.loaded(loaded) });
      },
    });

  const problems = load.data?.filter(({ problem }) => problem) ?? [];
  return (
    <>
      <Group mt="md" gap="sm">
        <Button onClick={start} loading={load.isPending}>
          {text.loadExamples}
        </Button>
        {load.isPending && (
          <Button variant="default" onClick={loading.abort}>
            {words.common.cancel}
          </Button>
        )}
        <Text span size="sm" c="dimmed" role="status">
          {load.isPending ? text.loading : text.examplesHint}
        </Text>
      </Group>
      {load.isError && !isAbort(load.error) && (
        <Notice tone="error" title={text.notLoaded} mb="xs">
          {load.error instanceof ApiError ? load.error.message : words.errors.crashed}
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
