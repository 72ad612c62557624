import { Skeleton } from "@mantine/core";
import { Link } from "wouter";
import { Sparkline } from "../../components/charts/Sparkline.jsx";
import { ListTable } from "../../components/list/ListTable.jsx";
import { PipelineLinks } from "../../components/PipelineLinks.jsx";
import { QueryView } from "../../components/QueryView.jsx";
import { StateBadge } from "../../components/StateBadge.jsx";
import { Time } from "../../components/Time.jsx";
import { formatCount, formatDuration } from "../../lib/format.js";
import { modelLink, pipelineLink } from "../../lib/links.js";
import { words } from "../../words.js";
import classes from "./Home.module.css";
import { Section } from "./Section.jsx";

/** @import { LastHour, Pipeline } from "../../api/types.js" */

const text = words.home;
const MOST = 10;

/**
 * What was called last, with the last hour's figures.
 *
 * @param {object} props
 * @param {import("@tanstack/react-query").UseQueryResult<LastHour[]>} props.statistics
 * @param {Pipeline[]} props.pipelines
 */
export function Lately({ statistics, pipelines }) {
  return (
    <Section title={text.lately}>
      <QueryView query={statistics} skeleton={<Skeleton height={120} radius={6} />}>
        {(items) =>
          items.length === 0 ? (
            <p className={classes.nothing}>
              {text.noCalls}{" "}
              {pipelines.length > 0 && (
                <>
                  {text.tryOne} <PipelineLinks names={pipelines.slice(0, MOST).map(({ name }) => name)} />
                </>
              )}
            </p>
          ) : (
            <>
              <ListTable label={text.lately} head={<Head />}>
                {latest(items).map((calls) => (
                  <Row
                    key={`${calls.kind} ${calls.name}`}
                    calls={calls}
                    state={
                      calls.kind === "pipeline"
                        ? pipelines.find(({ name }) => name === calls.name)?.state
                        : undefined
                    }
                  />
                ))}
              </ListTable>
              {items.length > MOST && (
                <p className={classes.more}>
                  <Link href="/pipelines">{text.more(items.length - MOST)}</Link>
                </p>
              )}
            </>
          )
        }
      </QueryView>
    </Section>
  );
}

function Head() {
  return (
    <>
      <th scope="col">{words.common.name}</th>
      <th scope="col">{text.lastHour}</th>
      <th scope="col" data-figures="true">
        {text.calls}
      </th>
      <th scope="col" data-figures="true">
        {text.failures}
      </th>
      <th scope="col" data-figures="true">
        {words.charts.p50}
      </th>
      <th scope="col" data-figures="true">
        {words.charts.p99}
      </th>
      <th scope="col">{text.last}</th>
    </>
  );
}

/**
 * @param {object} props
 * @param {LastHour} props.calls
 * @param {Pipeline["state"]} [props.state] of a pipeline
 */
function Row({ calls: { kind, name, calls, failures, p50Ms, p99Ms, lastAt, ...minutes }, state }) {
  const isPipeline = kind === "pipeline";
  return (
    <tr>
      <th scope="row">
        <Link href={isPipeline ? pipelineLink(name) : modelLink(name)} className={classes.link}>
          {name}
        </Link>
        <div>
          {state ? <StateBadge state={state} /> : <span className={classes.quiet}>{text.model}</span>}
        </div>
      </th>
      <td className={classes.spark}>
        <Sparkline calls={minutes.callsPerMinute} failures={minutes.failuresPerMinute} />
      </td>
      <td data-figures="true">{formatCount(calls)}</td>
      <td data-figures="true">
        <span className={failures ? classes.failed : undefined}>{formatCount(failures)}</span>
      </td>
      <td data-figures="true">{durationOf(p50Ms, calls)}</td>
      <td data-figures="true">{durationOf(p99Ms, calls)}</td>
      <td>
        <Time at={lastAt} />
      </td>
    </tr>
  );
}

/**
 * @param {number | null} ms
 * @param {number} calls
 * @returns {string} where all calls failed, that none was answered
 */
function durationOf(ms, calls) {
  if (ms !== null) return formatDuration(ms);
  return calls > 0 ? text.noAnswers : words.common.none;
}

/** @param {LastHour[]} items */
const latest = (items) => items.toSorted((a, b) => b.lastAt.localeCompare(a.lastAt)).slice(0, MOST);
