/** @import { LastHour, Pipeline, PipelineState } from "../../api/types.js" */

/**
 * A pipeline with how its last hour went.
 *
 * @typedef {object} Row
 * @property {Pipeline} pipeline
 * @property {LastHour | null | undefined} lastHour undefined until they are there, null where it was never called
 */

/**
 * What needs a look comes first.
 *
 * @type {Record<PipelineState, number>}
 */
const URGENCY = { broken: 4, inactive: 3, starting: 2, ready: 1, idle: 0 };

/**
 * How pipelines are searched and ordered.
 *
 * @type {import("../../components/list/useList.js").Ways<Row>}
 */
export const WAYS = {
  texts: ({ pipeline: { name, model, preProcessing, postProcessing, dataFiles } }) => [
    name,
    model,
    preProcessing,
    postProcessing,
    ...dataFiles,
  ],
  sorts: {
    name: { of: ({ pipeline }) => pipeline.name },
    created: { of: ({ pipeline }) => Date.parse(pipeline.createdAt), descending: true },
    state: { of: ({ pipeline }) => URGENCY[pipeline.state], descending: true },
    calls: { of: ({ lastHour }) => lastHour?.calls, descending: true },
    failures: { of: ({ lastHour }) => lastHour?.failures, descending: true },
    p50: { of: ({ lastHour }) => lastHour?.p50Ms, descending: true },
    p99: { of: ({ lastHour }) => lastHour?.p99Ms, descending: true },
  },
};

/**
 * Put each pipeline together with its last hour.
 *
 * @param {readonly Pipeline[] | undefined} pipelines
 * @param {readonly LastHour[] | undefined} lastHours of pipelines and models
 * @returns {Row[] | undefined}
 */
export function rowsOf(pipelines, lastHours) {
  const byName = new Map(
    lastHours?.filter(({ kind }) => kind === "pipeline").map((item) => [item.name, item]),
  );
  return pipelines?.map((pipeline) => ({
    pipeline,
    lastHour: lastHours && (byName.get(pipeline.name) ?? null),
  }));
}
