import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useModels } from "../../api/models.js";
import { useMayChange } from "../../api/session.js";
import { AddCard } from "../../components/AddCard.jsx";
import { CardGrid, CardGridSkeleton } from "../../components/CardGrid.jsx";
import { Empty } from "../../components/Empty.jsx";
import { ListTools } from "../../components/list/ListTools.jsx";
import { NothingFound } from "../../components/list/NothingFound.jsx";
import { ShowMore } from "../../components/list/ShowMore.jsx";
import { useGrowing } from "../../components/list/useGrowing.js";
import { useList } from "../../components/list/useList.js";
import { Page } from "../../components/Page.jsx";
import { PageDrop } from "../../components/PageDrop.jsx";
import { QueryView } from "../../components/QueryView.jsx";
import { words } from "../../words.js";
import { AddModel } from "./add/AddModel.jsx";
import { ModelCard } from "./ModelCard.jsx";
import { ModelTable } from "./ModelTable.jsx";
import { useModelDialogs } from "./useModelDialogs.jsx";
import { WAYS } from "./ways.js";

/** @import { Model } from "../../api/types.js" */

const text = words.models;
/** A screen or two; the next ones come when one scrolls towards them. */
const CARDS = 48;
const ROWS = 60;
/** @type {File[]} */
const NONE = [];

/** All models as cards, the way to add one first, or as a table. */
export default function ModelsPage() {
  const models = useModels();
  const mayChange = useMayChange();
  const [adding, add] = useDisclosure(false);
  const [dropped, setDropped] = useState(NONE);
  const list = useList("models", models.data, WAYS);
  const count = list.count(text.count);
  return (
    <Page title={text.title} count={count}>
      <ListTools list={list} label={text.search} count={count}>
        {list.view === "table" && mayChange && (
          <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={add.open}>
            {text.add}
          </Button>
        )}
      </ListTools>
      <QueryView query={models} skeleton={<CardGridSkeleton />}>
        {() => <Models key={list.view} list={list} mayChange={mayChange} onAdd={add.open} />}
      </QueryView>
      {mayChange && (
        <>
          <PageDrop
            text={text.dropHere}
            onFiles={(files) => {
              setDropped(files);
              add.open();
            }}
          />
          <AddModel
            files={dropped}
            opened={adding}
            onClose={() => {
              add.close();
              setDropped(NONE);
            }}
          />
        </>
      )}
    </Page>
  );
}

/**
 * @param {object} props
 * @param {import("../../components/list/useList.js").List<Model>} props.list
 * @param {boolean} props.mayChange
 * @param {() => void} props.onAdd
 */
function Models({ list, mayChange, onAdd }) {
  const { open, dialogs } = useModelDialogs();
  const isTable = list.view === "table";
  const growing = useGrowing(list.shown, isTable ? ROWS : CARDS);
  if (list.total === 0 && !mayChange) return <Empty text={text.emptyRead} />;
  if (list.total && !list.shown.length) return <NothingFound list={list} />;
  return (
    <>
      {isTable && list.total ? (
        <ModelTable list={list} models={growing.first} mayChange={mayChange} open={open} />
      ) : (
        <CardGrid>
          {mayChange && (
            <AddCard label={text.add} hint={list.total === 0 ? text.emptyHint : undefined} onClick={onAdd} />
          )}
          {growing.first.map((model) => (
            <ModelCard key={model.id} model={model} mayChange={mayChange} open={open} />
          ))}
        </CardGrid>
      )}
      <ShowMore growing={growing} />
      {dialogs}
    </>
  );
}
