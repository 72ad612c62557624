import { Skeleton, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useRef } from "react";
import { useLocation } from "wouter";
import { usePipelines } from "../../api/pipelines.js";
import { Page } from "../../components/Page.jsx";
import { QueryView } from "../../components/QueryView.jsx";
import { DeletePipeline } from "./page/DeletePipeline.jsx";
import { Gone } from "./page/Gone.jsx";
import { PipelineView } from "./page/PipelineView.jsx";

/** @import { Pipeline } from "../../api/types.js" */

/**
 * All about one pipeline: what it does, how it is doing, and the way to try, understand and change it.
 *
 * @param {object} props
 * @param {string} props.name
 */
export default function PipelinePage({ name }) {
  // Out of the list, which is kept up to date: so nothing is asked about what isn't there any more.
  const pipelines = usePipelines();
  const known = useRef(/** @type {Pipeline | undefined} */ (undefined));
  const found = pipelines.data && findByName(pipelines.data, name);
  if (found) known.current = found;
  const [deleting, remove] = useDisclosure(false);
  const [, navigate] = useLocation();
  // Who deletes it is told so and led away, however early the list knows of it.
  const shown = found ?? (deleting ? known.current : undefined);
  return (
    <Page title={found?.name ?? name}>
      <QueryView query={pipelines} skeleton={<PageSkeleton />}>
        {(items) =>
          shown ? (
            <PipelineView pipeline={shown} names={items.map((item) => item.name)} onDelete={remove.open} />
          ) : (
            <Gone name={name} known={known.current} items={items} />
          )
        }
      </QueryView>
      <DeletePipeline
        name={shown?.name ?? name}
        opened={deleting}
        onClose={remove.close}
        onDeleted={() => navigate("/pipelines")}
      />
    </Page>
  );
}

/**
 * @param {Pipeline[]} items
 * @param {string} name
 * @returns {Pipeline | undefined} names that differ by case only are the same
 */
function findByName(items, name) {
  const folded = name.normalize("NFC").toLowerCase();
  return items.find((item) => item.name === name) ?? items.find((item) => item.name.toLowerCase() === folded);
}

function PageSkeleton() {
  return (
    <Stack aria-hidden="true">
      <Skeleton height={28} width={240} />
      <Skeleton height={120} />
      <Skeleton height={320} />
    </Stack>
  );
}
