import { memo } from "react";
import { Link } from "wouter";
import { Sparkline } from "../../components/charts/Sparkline.jsx";
import { PackagesLine } from "../../components/environment/PackagesLine.jsx";
import { ListTable } from "../../components/list/ListTable.jsx";
import { SortHead } from "../../components/list/SortHead.jsx";
import { StateBadge } from "../../components/StateBadge.jsx";
import { formatCount, formatDuration } from "../../lib/format.js";
import { pipelineLink } from "../../lib/links.js";
import { words } from "../../words.js";
import { Broken } from "./Broken.jsx";
import { Inactive } from "./Inactive.jsx";
import { PipelineDetails } from "./PipelineDetails.jsx";
import classes from "./PipelineTable.module.css";
import { RowActions } from "./RowActions.jsx";
import { StepLine } from "./StepLine.jsx";

/** @import { Row } from "./ways.js" */
/** @import { PipelineActions } from "./usePipelineDialogs.jsx" */

const text = words.pipelines;
const COLUMNS = 9;

/**
 * Pipelines as rows.
 *
 * @param {object} props
 * @param {import("../../components/list/useList.js").List<Row>} props.list
 * @param {readonly Row[]} props.rows those of the list that are shown by now
 * @param {boolean} props.mayChange
 * @param {PipelineActions} props.actions
 */
export function PipelineTable({ list, rows, mayChange, actions }) {
  return (
    <ListTable
      label={text.title}
      head={
        <>
          <SortHead list={list} sort="name" />
          <SortHead list={list} sort="state" />
          <th>{words.steps.label}</th>
          <SortHead list={list} sort="calls" figures />
          <SortHead list={list} sort="failures" figures />
          <SortHead list={list} sort="p50" figures />
          <SortHead list={list} sort="p99" figures />
          <th>{text.lastHour}</th>
          <th data-figures="true">{words.list.actions}</th>
        </>
      }
    >
      {rows.map(({ pipeline, lastHour }) => (
        <PipelineRow
          key={pipeline.id}
          pipeline={pipeline}
          lastHour={lastHour}
          mayChange={mayChange}
          actions={actions}
        />
      ))}
    </ListTable>
  );
}

/**
 * @param {Row & {mayChange: boolean, actions: PipelineActions}} props
 */
function PlainPipelineRow({ pipeline, lastHour, mayChange, actions }) {
  const { name, state, environment } = pipeline;
  const isBuilding = environment?.state === "building";
  // A broken one that is being tried is starting; its row stays, or nobody would hear how that ended.
  const goesOn = state !== "ready" && state !== "idle";
  return (
    <>
      <tr>
        <th scope="row">
          <Link href={pipelineLink(name)} className={classes.name}>
            {name}
          </Link>
        </th>
        <td className={classes.state}>
          <StateBadge state={state} />
        </td>
        <td className={classes.steps}>
          <StepLine pipeline={pipeline} />
        </td>
        <td data-figures="true">{figure(lastHour?.calls, formatCount)}</td>
        <td data-figures="true" className={lastHour?.failures ? classes.failures : undefined}>
          {figure(lastHour?.failures, formatCount)}
        </td>
        <td data-figures="true">{figure(lastHour?.p50Ms, formatDuration)}</td>
        <td data-figures="true">{figure(lastHour?.p99Ms, formatDuration)}</td>
        <td className={classes.activity}>
          {lastHour?.calls ? (
            <Sparkline calls={lastHour.callsPerMinute} failures={lastHour.failuresPerMinute} />
          ) : null}
        </td>
        <td data-actions="true">
          <div className={classes.actions}>
            <PipelineDetails pipeline={pipeline} mayChange={mayChange} />
            <RowActions pipeline={pipeline} mayChange={mayChange} actions={actions} />
          </div>
        </td>
      </tr>
      {(goesOn || isBuilding) && (
        <tr data-goes-on>
          <td colSpan={COLUMNS} className={classes.why}>
            <Broken pipeline={pipeline} mayChange={mayChange} flat />
            <Inactive pipeline={pipeline} />
            {isBuilding && <PackagesLine environment={environment} />}
          </td>
        </tr>
      )}
    </>
  );
}

const PipelineRow = memo(PlainPipelineRow);

/**
 * @param {number | null | undefined} value
 * @param {(value: number) => string} format
 * @returns {string}
 */
function figure(value, format) {
  return value === null || value === undefined ? "" : format(value);
}
