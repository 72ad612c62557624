import { networkOf, networkValues } from "./network.js";

/** @import { Pipeline, PipelineChanges } from "../../../api/types.js" */
/** @import { NetworkValues } from "./network.js" */

/** What a form holds of a pipeline; a number that isn't set is an empty text there. */
export const NUMBERS = /** @type {const} */ ([
  "deadlineS",
  "workers",
  "intraOpThreads",
  "memoryMb",
  "scratchMb",
  "threads",
  "maxAnswerBytes",
]);

/** Every field that can be changed, in the order in which people read them. */
export const FIELDS = /** @type {const} */ ([
  "name",
  "model",
  "preProcessing",
  "postProcessing",
  "dataFiles",
  "sample",
  "pinned",
  "keepInputs",
  ...NUMBERS,
  "network",
  "variables",
]);

/**
 * @typedef {typeof FIELDS[number]} Field
 *
 * @typedef {object} Values
 * @property {string} name
 * @property {string | null} model
 * @property {string | null} preProcessing
 * @property {string | null} postProcessing
 * @property {string[]} dataFiles
 * @property {string | null} sample
 * @property {boolean} pinned
 * @property {boolean} keepInputs
 * @property {number | string} deadlineS
 * @property {number | string} workers
 * @property {number | string} intraOpThreads
 * @property {number | string} memoryMb
 * @property {number | string} scratchMb
 * @property {number | string} threads
 * @property {number | string} maxAnswerBytes
 * @property {NetworkValues} network
 * @property {[name: string, value: string][]} variables as they stand below each other
 */

/**
 * @param {Pipeline} pipeline
 * @returns {Values}
 */
export function valuesOf(pipeline) {
  const values = Object.fromEntries(
    FIELDS.map((field) => [field, pipeline[field] ?? (isNumber(field) ? "" : null)]),
  );
  return /** @type {Values} */ (
    /** @type {unknown} */ ({
      ...values,
      network: networkValues(pipeline.network),
      variables: Object.entries(pipeline.variables).sort(byName),
    })
  );
}

/**
 * What a form's values say, as the server has it.
 *
 * @param {Values} values
 * @returns {Pick<Pipeline, Field>}
 */
export function settingsOf(values) {
  const settings = FIELDS.map((field) => [
    field,
    isNumber(field) && values[field] === "" ? null : values[field],
  ]);
  return {
    ...Object.fromEntries(settings),
    network: networkOf(values.network),
    // A row in which nothing stands yet is none.
    variables: Object.fromEntries(values.variables.filter(([name, value]) => name || value).sort(byName)),
  };
}

/**
 * What a form's values would change about a pipeline.
 *
 * @param {Pipeline} pipeline
 * @param {Values} values
 * @returns {PipelineChanges} empty where nothing
 */
export function changesOf(pipeline, values) {
  const before = settingsOf(valuesOf(pipeline));
  const after = settingsOf(values);
  return Object.fromEntries(
    FIELDS.filter((field) => !isSame(before[field], after[field])).map((field) => [field, after[field]]),
  );
}

/**
 * What somebody else changed meanwhile.
 *
 * @param {Pipeline} before as one saw it when one began
 * @param {Pipeline} now
 * @returns {Field[]}
 */
export function changedFields(before, now) {
  const changes = changesOf(before, valuesOf(now));
  return FIELDS.filter((field) => field in changes);
}

/**
 * Tell a new pipeline that has the same parts and settings.
 *
 * @param {Pipeline} pipeline
 * @param {string} name
 */
export function copyOf(pipeline, name) {
  const given = Object.fromEntries(
    FIELDS.filter((field) => field in pipeline).map((field) => [field, pipeline[field]]),
  );
  return /** @type {import("../../../api/types.js").NewPipeline} */ (
    /** @type {unknown} */ ({ ...given, name })
  );
}

/**
 * @param {Field} field
 * @returns {boolean}
 */
function isNumber(field) {
  return /** @type {readonly string[]} */ (NUMBERS).includes(field);
}

/**
 * @param {unknown} one
 * @param {unknown} other
 * @returns {boolean} lists and objects are compared item by item
 */
function isSame(one, other) {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/**
 * @param {[string, string]} one
 * @param {[string, string]} other
 * @returns {number}
 */
function byName([one], [other]) {
  return one < other ? -1 : Number(one > other);
}
