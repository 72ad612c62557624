import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useMemo } from "react";
import { usePipelines } from "../../api/pipelines.js";
import { useMayChange } from "../../api/session.js";
import { useStatistics } from "../../api/statistics.js";
import { AddCard } from "../../components/AddCard.jsx";
import { CardGrid, CardGridSkeleton } from "../../components/CardGrid.jsx";
import { Empty } from "../../components/Empty.jsx";
import { ListTools } from "../../components/list/ListTools.jsx";
import { NothingFound } from "../../components/list/NothingFound.jsx";
import { ShowMore } from "../../components/list/ShowMore.jsx";
import { useGrowing } from "../../components/list/useGrowing.js";
import { useList } from "../../components/list/useList.js";
import { Page } from "../../components/Page.jsx";
import { QueryView } from "../../components/QueryView.jsx";
import { words } from "../../words.js";
import { AddPipeline } from "./AddPipeline.jsx";
import { PipelineCard } from "./PipelineCard.jsx";
import { PipelineTable } from "./PipelineTable.jsx";
import { usePipelineDialogs } from "./usePipelineDialogs.jsx";
import { rowsOf, WAYS } from "./ways.js";

/** @import { Row } from "./ways.js" */

const text = words.pipelines;
/** A screen or two; the next ones come when one scrolls towards them. */
const CARDS = 30;
const ROWS = 40;

/** All pipelines as cards, the way to add one first, or as a table. */
export default function PipelinesPage() {
  const pipelines = usePipelines();
  const mayChange = useMayChange();
  const [adding, add] = useDisclosure(false);
  // What the server can't tell of the last hour is no reason to keep the pipelines back.
  const lastHours = useStatistics().data;
  const rows = useMemo(() => rowsOf(pipelines.data, lastHours), [pipelines.data, lastHours]);
  const list = useList("pipelines", rows, WAYS);
  const count = list.count(text.count);
  const isTable = list.view === "table";
  return (
    <Page title={text.title} count={count}>
      <ListTools list={list} label={text.search} count={count}>
        {isTable && mayChange && (
          <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={add.open}>
            {text.add}
          </Button>
        )}
      </ListTools>
      <QueryView query={pipelines} skeleton={<CardGridSkeleton />}>
        {() => <Pipelines key={list.view} list={list} mayChange={mayChange} onAdd={add.open} />}
      </QueryView>
      <AddPipeline opened={adding} onClose={add.close} />
    </Page>
  );
}

/**
 * @param {object} props
 * @param {import("../../components/list/useList.js").List<Row>} props.list
 * @param {boolean} props.mayChange
 * @param {() => void} props.onAdd
 */
function Pipelines({ list, mayChange, onAdd }) {
  const { actions, dialogs } = usePipelineDialogs();
  const isTable = list.view === "table";
  const growing = useGrowing(list.shown, isTable ? ROWS : CARDS);
  if (list.total === 0 && !mayChange) return <Empty text={text.emptyRead} />;
  if (list.total && !list.shown.length) return <NothingFound list={list} />;
  return (
    <>
      {isTable && list.total ? (
        <PipelineTable list={list} rows={growing.first} mayChange={mayChange} actions={actions} />
      ) : (
        <CardGrid>
          {mayChange && (
            <AddCard label={text.add} hint={list.total === 0 ? text.emptyHint : undefined} onClick={onAdd} />
          )}
          {growing.first.map(({ pipeline, lastHour }) => (
            <PipelineCard
              key={pipeline.id}
              pipeline={pipeline}
              lastHour={lastHour}
              mayChange={mayChange}
              actions={actions}
            />
          ))}
        </CardGrid>
      )}
      <ShowMore growing={growing} />
      {dialogs}
    </>
  );
}
