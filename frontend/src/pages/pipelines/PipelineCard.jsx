import { memo } from "react";
import { Card } from "../../components/CardGrid.jsx";
import { CardFoot, CardHead } from "../../components/CardParts.jsx";
import { PackagesLine } from "../../components/environment/PackagesLine.jsx";
import { StateBadge } from "../../components/StateBadge.jsx";
import { StepRail } from "../../components/StepRail.jsx";
import { pipelineLink } from "../../lib/links.js";
import { Activity } from "./Activity.jsx";
import { Broken } from "./Broken.jsx";
import { Inactive } from "./Inactive.jsx";
import { Notes } from "./Notes.jsx";
import { PipelineDetails } from "./PipelineDetails.jsx";
import { RowActions } from "./RowActions.jsx";

/** @import { LastHour, Pipeline } from "../../api/types.js" */
/** @import { PipelineActions } from "./usePipelineDialogs.jsx" */

/**
 * A pipeline at a glance: its three steps, its state, how its last hour went, and what can be done with it.
 *
 * @param {object} props
 * @param {Pipeline} props.pipeline
 * @param {LastHour | null | undefined} props.lastHour undefined until they are there, null where it was never called
 * @param {boolean} props.mayChange
 * @param {PipelineActions} props.actions
 */
function PlainPipelineCard({ pipeline, lastHour, mayChange, actions }) {
  const { name, state, notes, environment } = pipeline;
  return (
    <Card name={name}>
      <CardHead
        name={name}
        href={pipelineLink(name)}
        action={<PipelineDetails pipeline={pipeline} mayChange={mayChange} />}
      />
      <StepRail pipeline={pipeline} />
      <Broken pipeline={pipeline} mayChange={mayChange} />
      <Inactive pipeline={pipeline} />
      {environment?.state === "building" && <PackagesLine environment={environment} />}
      <Notes notes={notes} />
      <Activity lastHour={lastHour} />
      <CardFoot
        left={<StateBadge state={state} />}
        actions={<RowActions pipeline={pipeline} mayChange={mayChange} actions={actions} />}
      />
    </Card>
  );
}

/** Drawn anew only when something of it changed: states are asked for every few seconds. */
export const PipelineCard = memo(PlainPipelineCard);
