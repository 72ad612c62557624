import { useDisclosure } from "@mantine/hooks";
import { usePipelines } from "../../api/pipelines.js";
import { useMayChange } from "../../api/session.js";
import { AddCard } from "../../components/AddCard.jsx";
import { CardGrid, CardGridSkeleton } from "../../components/CardGrid.jsx";
import { Empty } from "../../components/Empty.jsx";
import { Page } from "../../components/Page.jsx";
import { QueryView } from "../../components/QueryView.jsx";
import { words } from "../../words.js";
import { AddPipeline } from "./AddPipeline.jsx";
import { PipelineCard } from "./PipelineCard.jsx";

/** All pipelines as cards, the way to add one first. */
export default function PipelinesPage() {
  const pipelines = usePipelines();
  const mayChange = useMayChange();
  const [adding, { open, close }] = useDisclosure(false);
  const count = pipelines.data && words.pipelines.count(pipelines.data.length);
  return (
    <Page title={words.pipelines.title} count={count}>
      <QueryView query={pipelines} skeleton={<CardGridSkeleton />}>
        {(items) =>
          items.length === 0 && !mayChange ? (
            <Empty text={words.pipelines.emptyRead} />
          ) : (
            <CardGrid>
              {mayChange && (
                <AddCard
                  label={words.pipelines.add}
                  hint={items.length === 0 ? words.pipelines.emptyHint : undefined}
                  onClick={open}
                />
              )}
              {items.map((pipeline) => (
                <PipelineCard key={pipeline.id} pipeline={pipeline} mayChange={mayChange} />
              ))}
            </CardGrid>
          )
        }
      </QueryView>
      <AddPipeline opened={adding} onClose={close} />
    </Page>
  );
}
