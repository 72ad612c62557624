import { Skeleton, Stack } from "@mantine/core";
import { useRef, useState } from "react";
import { useLocation } from "wouter";
import { useModels } from "../../api/models.js";
import { useMayChange } from "../../api/session.js";
import { Saved } from "../../components/editor/SaveOutcome.jsx";
import { Page } from "../../components/Page.jsx";
import { QueryView } from "../../components/QueryView.jsx";
import { Gone } from "./page/Gone.jsx";
import { ModelView } from "./page/ModelView.jsx";
import { useModelDialogs } from "./useModelDialogs.jsx";

/** @import { Model, ReplacedModel } from "../../api/types.js" */

/**
 * All about one model: what it takes and gives, who uses it, how it is called, and the ways to try and to change it.
 *
 * @param {object} props
 * @param {string} props.name
 */
export default function ModelPage({ name }) {
  // Out of the list, which is kept up to date: so nothing is asked about what isn't there any more.
  const models = useModels();
  const mayChange = useMayChange();
  const [, navigate] = useLocation();
  const [replaced, setReplaced] = useState(/** @type {ReplacedModel | null} */ (null));
  const known = useRef(/** @type {Model | undefined} */ (undefined));
  const found = models.data && findByName(models.data, name);
  if (found) known.current = found;
  const { open, dialogs } = useModelDialogs({
    onDeleted: () => navigate("/models"),
    onReplaced: setReplaced,
  });
  return (
    <Page title={found?.name ?? name}>
      <QueryView query={models} skeleton={<PageSkeleton />}>
        {(items) =>
          found ? (
            <ModelView model={found} mayChange={mayChange} open={open}>
              {replaced && <Saved result={replaced} onClose={() => setReplaced(null)} />}
            </ModelView>
          ) : (
            <Gone name={name} known={known.current} items={items} />
          )
        }
      </QueryView>
      {dialogs}
    </Page>
  );
}

/**
 * @param {Model[]} items
 * @param {string} name
 * @returns {Model | undefined} names that differ by case only are the same
 */
function findByName(items, name) {
  const folded = name.normalize("NFC").toLowerCase();
  return items.find((item) => item.name === name) ?? items.find((item) => item.name.toLowerCase() === folded);
}

function PageSkeleton() {
  return (
    <Stack aria-hidden="true">
      <Skeleton height={28} width={240} />
      <Skeleton height={160} />
      <Skeleton height={320} />
    </Stack>
  );
}
