import { useDisclosure } from "@mantine/hooks";
import { useResources } from "../../api/resources.js";
import { useMayChange } from "../../api/session.js";
import { AddCard } from "../../components/AddCard.jsx";
import { CardGrid, CardGridSkeleton } from "../../components/CardGrid.jsx";
import { Empty } from "../../components/Empty.jsx";
import { Page } from "../../components/Page.jsx";
import { QueryView } from "../../components/QueryView.jsx";
import { words } from "../../words.js";
import { AddResource } from "./AddResource.jsx";
import { ResourceCard } from "./ResourceCard.jsx";

/** All scripts, helper modules and data files as cards, the way to add one first. */
export default function ResourcesPage() {
  const resources = useResources();
  const mayChange = useMayChange();
  const [adding, { open, close }] = useDisclosure(false);
  const count = resources.data && words.resources.count(resources.data.length);
  return (
    <Page title={words.resources.title} count={count}>
      <QueryView query={resources} skeleton={<CardGridSkeleton />}>
        {(items) =>
          items.length === 0 && !mayChange ? (
            <Empty text={words.resources.emptyRead} />
          ) : (
            <CardGrid>
              {mayChange && (
                <AddCard
                  label={words.resources.add}
                  hint={items.length === 0 ? words.resources.emptyHint : undefined}
                  onClick={open}
                />
              )}
              {items.map((resource) => (
                <ResourceCard key={resource.id} resource={resource} mayChange={mayChange} />
              ))}
            </CardGrid>
          )
        }
      </QueryView>
      <AddResource opened={adding} onClose={close} />
    </Page>
  );
}
