import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowLeft, IconCopy, IconPencil, IconTrash } from "@tabler/icons-react";
import { Link } from "wouter";
import { useStatistics } from "../../../api/statistics.js";
import { PackagesLine } from "../../../components/environment/PackagesLine.jsx";
import { StateBadge } from "../../../components/StateBadge.jsx";
import { Time } from "../../../components/Time.jsx";
import { words } from "../../../words.js";
import { Activity } from "../Activity.jsx";
import { Broken } from "../Broken.jsx";
import { Inactive } from "../Inactive.jsx";
import { Notes } from "../Notes.jsx";
import { Duplicate } from "./Duplicate.jsx";
import classes from "./PipelineHead.module.css";

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
  const { state, revision, createdAt, environment } = pipeline;
  return (
    <section className={classes.head} aria-label={text.overview}>
      <div className={classes.line}>
        <Link href="/pipelines" className={classes.back}>
          <IconArrowLeft size={15} aria-hidden="true" />
          {words.pipelines.title}
        </Link>
        <StateBadge state={state} />
        <span className={classes.quiet}>
          {text.revision(revision)}, {words.common.added.toLowerCase()} <Time at={createdAt} />
        </span>
        {mayChange && (
          <div className={classes.actions}>
            <Action icon={IconPencil} label={text.edit} onClick={() => address.go("settings")} />
            <Action icon={IconCopy} label={text.duplicate} onClick={copy.open} />
            <Action icon={IconTrash} label={words.common.delete} onClick={onDelete} />
          </div>
        )}
      </div>
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

/**
 * @param {object} props
 * @param {React.ComponentType<any>} props.icon
 * @param {string} props.label
 * @param {() => void} props.onClick
 */
function Action({ icon: Icon, label, onClick }) {
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<Icon size={15} stroke={1.7} aria-hidden="true" />}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}
