import { useDisclosure } from "@mantine/hooks";
import { useModels } from "../../api/models.js";
import { useMayChange } from "../../api/session.js";
import { AddCard } from "../../components/AddCard.jsx";
import { CardGrid, CardGridSkeleton } from "../../components/CardGrid.jsx";
import { Empty } from "../../components/Empty.jsx";
import { Page } from "../../components/Page.jsx";
import { QueryView } from "../../components/QueryView.jsx";
import { words } from "../../words.js";
import { AddModel } from "./AddModel.jsx";
import { ModelCard } from "./ModelCard.jsx";

/** All models as cards, the way to add one first. */
export default function ModelsPage() {
  const models = useModels();
  const mayChange = useMayChange();
  const [adding, { open, close }] = useDisclosure(false);
  return (
    <Page title={words.models.title} count={models.data && words.models.count(models.data.length)}>
      <QueryView query={models} skeleton={<CardGridSkeleton />}>
        {(items) =>
          items.length === 0 && !mayChange ? (
            <Empty text={words.models.emptyRead} />
          ) : (
            <CardGrid>
              {mayChange && (
                <AddCard
                  label={words.models.add}
                  hint={items.length === 0 ? words.models.emptyHint : undefined}
                  onClick={open}
                />
              )}
              {items.map((model) => (
                <ModelCard key={model.id} model={model} mayChange={mayChange} />
              ))}
            </CardGrid>
          )
        }
      </QueryView>
      <AddModel opened={adding} onClose={close} />
    </Page>
  );
}
