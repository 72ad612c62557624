import { formatBytes } from "../../lib/format.js";
import { modelLink, pipelineLink, resourceLink } from "../../lib/links.js";
import { words } from "../../words.js";

/** @import { LastHour, Pipeline, Resource, System } from "../../api/types.js" */

const text = words.home;
/** Below either of these a disk is about to be full. */
const LITTLE_BYTES = 1e9;
const LITTLE_SHARE = 0.05;

/**
 * @typedef {object} Finding
 * @property {string} key
 * @property {"error" | "warning"} tone
 * @property {string} what in one sentence
 * @property {string | null} why
 * @property {string | null} href where it can be seen and mended
 */

/**
 * What is wrong, the worst first; what isn't known yet isn't wrong.
 *
 * @param {object} known
 * @param {Pipeline[]} [known.pipelines]
 * @param {Resource[]} [known.resources]
 * @param {LastHour[]} [known.statistics]
 * @param {System} [known.system]
 * @returns {Finding[]}
 */
export function findingsOf({ pipelines = [], resources = [], statistics = [], system }) {
  const found = [
    ...pipelines.flatMap(ofPipeline),
    ...resources.flatMap(ofResource),
    ...statistics.flatMap((calls) => ofCalls(calls, pipelines)),
    ...(system ? [...ofSandbox(system), ...ofDisk(system)] : []),
  ];
  return [...found.filter(({ tone }) => tone === "error"), ...found.filter(({ tone }) => tone !== "error")];
}

/**
 * @param {Pipeline} pipeline
 * @returns {Finding[]}
 */
function ofPipeline({ id, name, state, reason }) {
  if (state !== "broken" && state !== "inactive") return [];
  const isBroken = state === "broken";
  return [
    {
      key: `pipeline ${id}`,
      tone: isBroken ? "error" : "warning",
      what: isBroken ? text.broken(name) : text.inactive(name),
      why: reason,
      href: pipelineLink(name),
    },
  ];
}

/**
 * @param {Resource} resource
 * @returns {Finding[]}
 */
function ofResource({ id, name, environment }) {
  if (environment?.state !== "failed" && environment?.state !== "off") return [];
  return [
    {
      key: `resource ${id}`,
      tone: "error",
      what: text.notInstalled(name, words.environments.some(environment.requires)),
      why: environment.reason ?? (environment.state === "off" ? words.environments.hints.off : null),
      href: resourceLink(name),
    },
  ];
}

/**
 * @param {LastHour} calls
 * @param {Pipeline[]} pipelines
 * @returns {Finding[]}
 */
function ofCalls({ kind, name, calls, failures }, pipelines) {
  const isPipeline = kind === "pipeline";
  const isTold =
    isPipeline && pipelines.some((pipeline) => pipeline.name === name && pipeline.state === "broken");
  if (failures === 0 || isTold) return [];
  return [
    {
      key: `calls ${kind} ${name}`,
      tone: "warning",
      what: text.failing(kind, name, calls, failures),
      why: null,
      href: isPipeline ? pipelineLink(name) : modelLink(name),
    },
  ];
}

/**
 * @param {System} system
 * @returns {Finding[]}
 */
function ofSandbox({ sandbox: { level, missing } }) {
  if (level === "full") return [];
  return [{ key: "sandbox", tone: "warning", what: text.sandbox[level], why: missing.join(" "), href: null }];
}

/**
 * @param {System} system
 * @returns {Finding[]}
 */
function ofDisk({ disk: { freeBytes, totalBytes, dataBytes } }) {
  if (freeBytes >= LITTLE_BYTES && freeBytes >= totalBytes * LITTLE_SHARE) return [];
  const what = text.disk(formatBytes(freeBytes), formatBytes(totalBytes));
  return [{ key: "disk", tone: "warning", what, why: text.diskTaken(formatBytes(dataBytes)), href: null }];
}
