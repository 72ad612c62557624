import { Skeleton, Stack } from "@mantine/core";
import { useRef, useState } from "react";
import { useLocation } from "wouter";
import { useResources } from "../../api/resources.js";
import { useMayChange } from "../../api/session.js";
import { Saved } from "../../components/editor/SaveOutcome.jsx";
import { Page } from "../../components/Page.jsx";
import { QueryView } from "../../components/QueryView.jsx";
import { Gone } from "./page/Gone.jsx";
import { ResourceView } from "./page/ResourceView.jsx";
import { useResourceDialogs } from "./useResourceDialogs.jsx";

/** @import { ReplacedResource, Resource } from "../../api/types.js" */

/**
 * All about one resource: what it is, who uses it, and its content to read or to edit.
 *
 * @param {object} props
 * @param {string} props.name
 */
export default function ResourcePage({ name }) {
  // Out of the list, which is kept up to date: so nothing is asked about what isn't there any more.
  const resources = useResources();
  const mayChange = useMayChange();
  const [, navigate] = useLocation();
  const [replaced, setReplaced] = useState(/** @type {ReplacedResource | null} */ (null));
  const known = useRef(/** @type {Resource | undefined} */ (undefined));
  const found = resources.data && findByName(resources.data, name);
  if (found) known.current = found;
  const { open, dialogs } = useResourceDialogs({
    resources: resources.data,
    mayChange,
    onDeleted: () => navigate("/resources"),
    onReplaced: setReplaced,
  });
  return (
    <Page title={found?.name ?? name}>
      <QueryView query={resources} skeleton={<PageSkeleton />}>
        {(items) =>
          found ? (
            <ResourceView resource={found} mayChange={mayChange} open={open}>
              {replaced && <Saved result={replaced} onClose={() => setReplaced(null)} />}
            </ResourceView>
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
 * @param {Resource[]} items
 * @param {string} name
 * @returns {Resource | undefined} names that differ by case only are the same
 */
function findByName(items, name) {
  const folded = name.normalize("NFC").toLowerCase();
  return items.find((item) => item.name === name) ?? items.find((item) => item.name.toLowerCase() === folded);
}

function PageSkeleton() {
  return (
    <Stack aria-hidden="true">
      <Skeleton height={28} width={240} />
      <Skeleton height={420} />
    </Stack>
  );
}
