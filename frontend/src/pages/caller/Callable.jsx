import { Skeleton, Tabs, Title } from "@mantine/core";
import { useId } from "react";
import { predictionsUrl } from "../../api/pipelines.js";
import { useSignature } from "../../api/signatures.js";
import { QueryView } from "../../components/QueryView.jsx";
import { TryIt } from "../../components/run/TryIt.jsx";
import { Snippets } from "../../components/snippets/Snippets.jsx";
import { words } from "../../words.js";
import classes from "./Caller.module.css";

const { tabs } = words.pipelinePage;

/**
 * A pipeline that one may only call: tried here, and how programs call it.
 *
 * @param {object} props
 * @param {string} props.name
 */
export function Callable({ name }) {
  const id = useId();
  const signature = useSignature(name);
  return (
    <section aria-labelledby={id} className={classes.pipeline}>
      <Title order={2} size="h4" id={id} mb="sm" className={classes.heading}>
        {name}
      </Title>
      <QueryView query={signature} skeleton={<Skeleton height={320} radius={6} />}>
        {({ takesFile, givesResult, inputs }) => (
          <Tabs defaultValue="try">
            <Tabs.List aria-label={words.caller.tabsLabel} mb="md">
              <Tabs.Tab value="try">{tabs.try}</Tabs.Tab>
              <Tabs.Tab value="call">{tabs.call}</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="try">
              <TryIt kind="pipelines" name={name} takesFile={takesFile} inputs={inputs} />
            </Tabs.Panel>
            <Tabs.Panel value="call" keepMounted={false}>
              <Snippets
                url={predictionsUrl(name)}
                protocolName={name}
                takesFile={takesFile}
                givesResult={givesResult}
                sample={null}
                inputs={inputs}
              />
            </Tabs.Panel>
          </Tabs>
        )}
      </QueryView>
    </section>
  );
}
