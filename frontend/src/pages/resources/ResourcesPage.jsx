import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useSearchParams } from "wouter";
import { useResources } from "../../api/resources.js";
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
import { AddResource } from "./AddResource.jsx";
import { NewScript } from "./NewScript.jsx";
import { ResourceCard } from "./ResourceCard.jsx";
import { ResourceTable } from "./ResourceTable.jsx";
import { useResourceDialogs } from "./useResourceDialogs.jsx";
import { WAYS } from "./ways.js";

/** @import { Resource } from "../../api/types.js" */

const text = words.resources;
/** A screen or two; the next ones come when one scrolls towards them. */
const CARDS = 48;
const ROWS = 60;
/** @type {File[]} */
const NO_FILES = [];

/** All scripts, helper modules and data files as cards, the ways to add one first, or as a table. */
export default function ResourcesPage() {
  const resources = useResources();
  const mayChange = useMayChange();
  const [adding, add] = useDisclosure(false);
  const [dropped, setDropped] = useState(NO_FILES);
  // A model's page leads here with `?new=` and its name.
  const [params, setParams] = useSearchParams();
  const forModel = params.get("new");
  const [writing, write] = useDisclosure(forModel !== null);
  const list = useList("resources", resources.data, WAYS);
  const count = list.count(text.count);
  return (
    <Page title={text.title} count={count}>
      <ListTools list={list} label={text.search} count={count}>
        {list.view === "table" && mayChange && (
          <>
            <Button leftSection={<IconPlus size={16} aria-hidden="true" />} onClick={add.open}>
              {text.add}
            </Button>
            <Button variant="default" onClick={write.open}>
              {text.newScript}
            </Button>
          </>
        )}
      </ListTools>
      <QueryView query={resources} skeleton={<CardGridSkeleton />}>
        {(items) => (
          <Resources
            key={list.view}
            items={items}
            list={list}
            mayChange={mayChange}
            onAdd={add.open}
            onWrite={write.open}
          />
        )}
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
          <AddResource
            files={dropped}
            opened={adding}
            onClose={() => {
              add.close();
              setDropped(NO_FILES);
            }}
          />
          <NewScript
            model={forModel}
            opened={writing}
            onClose={() => {
              write.close();
              if (forModel !== null) setParams(without("new"), { replace: true });
            }}
          />
        </>
      )}
    </Page>
  );
}

/**
 * @param {object} props
 * @param {readonly Resource[]} props.items
 * @param {import("../../components/list/useList.js").List<Resource>} props.list
 * @param {boolean} props.mayChange
 * @param {() => void} props.onAdd
 * @param {() => void} props.onWrite
 */
function Resources({ items, list, mayChange, onAdd, onWrite }) {
  const { open, dialogs } = useResourceDialogs({ resources: items, mayChange });
  const isTable = list.view === "table";
  const growing = useGrowing(list.shown, isTable ? ROWS : CARDS);
  if (list.total === 0 && !mayChange) return <Empty text={text.emptyRead} />;
  if (list.total && !list.shown.length) return <NothingFound list={list} />;
  return (
    <>
      {isTable && list.total ? (
        <ResourceTable list={list} resources={growing.first} mayChange={mayChange} open={open} />
      ) : (
        <CardGrid>
          {mayChange && (
            <>
              <AddCard
                label={text.add}
                hint={list.total === 0 ? text.emptyHint : undefined}
                onClick={onAdd}
              />
              <AddCard
                label={text.newScript}
                hint={list.total === 0 ? text.newScriptHint : undefined}
                onClick={onWrite}
              />
            </>
          )}
          {growing.first.map((resource) => (
            <ResourceCard key={resource.id} resource={resource} mayChange={mayChange} open={open} />
          ))}
        </CardGrid>
      )}
      <ShowMore growing={growing} />
      {dialogs}
    </>
  );
}

/**
 * @param {string} key
 * @returns {(params: URLSearchParams) => URLSearchParams}
 */
function without(key) {
  return (params) => {
    const rest = new URLSearchParams(params);
    rest.delete(key);
    return rest;
  };
}
