import { Skeleton, Stack } from "@mantine/core";
import { useModels } from "../../api/models.js";
import { usePipelines } from "../../api/pipelines.js";
import { useResources } from "../../api/resources.js";
import { useHealth } from "../../api/session.js";
import { useStatistics } from "../../api/statistics.js";
import { Page } from "../../components/Page.jsx";
import { QueryView } from "../../components/QueryView.jsx";
import { words } from "../../words.js";
import { Attention } from "./Attention.jsx";
import { Counts } from "./Counts.jsx";
import { FirstSteps, useExamples } from "./FirstSteps.jsx";
import { findingsOf } from "./findings.js";
import { Lately } from "./Lately.jsx";
import { ServerFacts } from "./ServerFacts.jsx";

/** What is here, what is wrong and what ran lately; the first steps where there is nothing yet. */
export default function HomePage() {
  const pipelines = usePipelines();
  const models = useModels();
  const resources = useResources();
  const statistics = useStatistics();
  const system = useHealth();
  const examples = useExamples();
  const counts = [pipelines.data, models.data, resources.data];
  const isEmpty = counts.every((items) => items?.length === 0);
  const findings = findingsOf({
    pipelines: pipelines.data,
    resources: resources.data,
    statistics: statistics.data,
    system: system.data,
  });
  return (
    <Page title={words.home.title}>
      <Stack gap={28}>
        <QueryView query={pipelines} skeleton={<Skeleton height={92} radius={6} />}>
          {(items) => (
            <>
              {(isEmpty || !examples.isTold) && <FirstSteps examples={examples} />}
              <Counts pipelines={items} models={models.data} resources={resources.data} />
            </>
          )}
        </QueryView>
        {pipelines.data && system.data && <Attention findings={findings} />}
        {!isEmpty && <Lately statistics={statistics} pipelines={pipelines.data ?? []} />}
        {system.data && <ServerFacts system={system.data} />}
      </Stack>
    </Page>
  );
}
