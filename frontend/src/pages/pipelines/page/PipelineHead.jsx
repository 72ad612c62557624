import { useDisclosure } from "@mantine/hooks";
import { IconCopy, IconPencil, IconTrash } from "@tabler/icons-react";
import { useStatistics } from "../../../api/statistics.js";
import { PackagesLine } from "../../../components/environment/PackagesLine.jsx";
import { Age, HeadAction, ItemHead } from "../../../components/ItemHead.jsx";
import { StateBadge } from "../../../components/StateBadge.jsx";
import { words } from "../../../words.js";
import { Activity } from "../Activity.jsx";
import { Broken } from "../Broken.jsx";
import { Inactive } from "../Inactive.jsx";
import { Notes } from "../Notes.jsx";
import { Duplicate } from "./Duplicate.jsx";
import classes from "./PipelineHead.module.css";
import { PolicyBadges } from "./PolicyBadges.jsx";

/** @import { Pipeline } from "../../../api/types.js" */

const text = words.pipelinePage;

/**
 * How a pipeline is doing, and what can be done with the whole of it.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 * @param {string[]} props.names of all pipelines
 * @param {ReturnType<typeof import("./useAddress.js").useAddress>} props.address
 * @param {boolean} props.mayChange
 * @param {() => void} props.onDelete
 */
export function PipelineHead({ pipeline, names, address, mayChange, onDelete }) {
  const [copying, copy] = useDisclosure(false);
  const statistics = useStatistics();
  const activity = statistics.data?.find(({ kind, name }) => kind === "pipeline" && name === pipeline.name);
  const { state, environment } = pipeline;
  return (
    <section aria-label={text.overview}>
      <ItemHead
        back="/pipelines"
        backLabel={words.pipelines.title}
        actions={
          mayChange && (
            <>
              <HeadAction icon={IconPencil} label={text.edit} onClick={() => address.go("settings")} />
              <HeadAction icon={IconCopy} label={text.duplicate} onClick={copy.open} />
              <HeadAction icon={IconTrash} label={words.common.delete} onClick={onDelete} />
            </>
          )
        }
      >
        <StateBadge state={state} />
        <Age of={pipeline} />
      </ItemHead>
      <PolicyBadges pipeline={pipeline} />
      <div className={classes.activity}>
        <Activity lastHour={statistics.data && (activity ?? null)} />
      </div>
      <Inactive pipeline={pipeline} />
      <Broken pipeline={pipeline} mayChange={mayChange} />
      {environment?.state === "building" && <PackagesLine environment={environment} />}
      <Notes notes={pipeline.notes} />
      {mayChange && <Duplicate pipeline={pipeline} names={names} opened={copying} onClose={copy.close} />}
    </section>
  );
}
