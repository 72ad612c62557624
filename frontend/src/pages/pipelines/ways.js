/** @import { Pipeline, PipelineState } from "../../api/types.js" */

/**
 * @typedef {object} Statistics how the last hour went
 * @property {"pipeline" | "model"} kind
 * @property {string} name
 * @property {number} calls
 * @property {number} failures
 * @property {number | null} p50Ms
 * @property {number | null} p99Ms
 * @property {string | null} lastAt
 * @property {string | null} lastFailedAt
 * @property {number[]} callsPerMinute oldest first
 * @property {number[]} failuresPerMinute
 *
 * A pipeline with how its last hour went.
 *
 * @typedef {object} Row
 * @property {Pipeline} pipeline
 * @property {Statistics | null | undefined} statistics undefined until they are there, null where it was never called
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
    calls: { of: ({ statistics }) => statistics?.calls, descending: true },
    failures: { of: ({ statistics }) => statistics?.failures, descending: true },
    p50: { of: ({ statistics }) => statistics?.p50Ms, descending: true },
    p99: { of: ({ statistics }) => statistics?.p99Ms, descending: true },
  },
};

/**
 * Put each pipeline together with its statistics.
 *
 * @param {readonly Pipeline[] | undefined} pipelines
 * @param {readonly Statistics[] | undefined} statistics of pipelines and models
 * @returns {Row[] | undefined}
 */
export function rowsOf(pipelines, statistics) {
  const byName = new Map(
    statistics?.filter(({ kind }) => kind === "pipeline").map((item) => [item.name, item]),
  );
  return pipelines?.map((pipeline) => ({
    pipeline,
    statistics: statistics && (byName.get(pipeline.name) ?? null),
  }));
}
