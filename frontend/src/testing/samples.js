/** Things as the server tells them, for tests. */

/** @import { Environment, LastHour, Model, Pipeline, Point, Resource, Session, Statistics, System } from "../api/types.js" */

const COMMON = { id: "1", revision: 1, createdAt: "2026-11-22T10:00:00Z", sha256: "ab".repeat(32) };

/**
 * @param {Partial<Model>} [changes]
 * @returns {Model}
 */
export function aModel(changes) {
  return {
    ...COMMON,
    name: "digits",
    fileName: "digits.onnx",
    sizeBytes: 52113,
    irVersion: 8,
    opsets: [{ domain: "ai.onnx", version: 17 }],
    producerName: "",
    producerVersion: "",
    graphName: "digits",
    modelVersion: 0,
    inputs: [{ name: "x", type: "tensor(float)", datatype: "FP32", shape: [-1, 64], symbols: ["N", null] }],
    outputs: [],
    description: "",
    active: true,
    usedBy: [],
    ...changes,
  };
}

/**
 * @param {Partial<Resource>} [changes]
 * @returns {Resource}
 */
export function aResource(changes) {
  return {
    ...COMMON,
    name: "digits_pre.py",
    kind: "script",
    sizeBytes: 512,
    warnings: [],
    environment: null,
    usedBy: [],
    ...changes,
  };
}

/**
 * @param {Partial<Pipeline>} [changes]
 * @returns {Pipeline}
 */
export function aPipeline(changes) {
  return {
    ...COMMON,
    name: "digits",
    model: "digits",
    preProcessing: "digits_pre.py",
    postProcessing: null,
    dataFiles: [],
    deadlineS: null,
    workers: null,
    intraOpThreads: null,
    memoryMb: null,
    maxAnswerBytes: null,
    network: null,
    scratchMb: null,
    threads: null,
    variables: {},
    pinned: false,
    sample: null,
    keepInputs: false,
    state: "ready",
    reason: null,
    notes: [],
    steps: [],
    environment: null,
    ...changes,
  };
}

/**
 * @param {Partial<Environment>} [changes]
 * @returns {Environment}
 */
export function anEnvironment(changes) {
  return {
    key: "5d1f",
    state: "ready",
    requires: ["shapely"],
    reason: null,
    log: "environments/5d1f/log",
    ...changes,
  };
}

/**
 * A period with calls in some of its points.
 *
 * @param {Record<number, Partial<Point>>} calls what happened, by the place of the point
 * @param {Partial<Statistics>} [changes]
 * @returns {Statistics}
 */
export function someStatistics(calls, changes) {
  const nothing = { calls: 0, failures: 0, failedSteps: {}, p50Ms: null, p99Ms: null, steps: {} };
  return {
    period: "hour",
    stepS: 60,
    points: Array.from({ length: 60 }, (_, i) => ({
      at: new Date(Date.UTC(2026, 10, 22, 13, i)).toISOString(),
      ...nothing,
      ...calls[i],
    })),
    totals: { ...nothing },
    ...changes,
  };
}

/**
 * @param {Partial<LastHour>} [changes]
 * @returns {LastHour}
 */
export function aLastHour(changes) {
  return {
    kind: "pipeline",
    name: "digits",
    calls: 12,
    failures: 1,
    p50Ms: 1.93,
    p99Ms: 6.41,
    lastAt: "2026-11-22T13:58:00Z",
    lastFailedAt: null,
    callsPerMinute: [...Array(59).fill(0), 12],
    failuresPerMinute: [...Array(59).fill(0), 1],
    ...changes,
  };
}

/**
 * @param {Partial<System>} [changes]
 * @returns {System}
 */
export function aSystem(changes) {
  return {
    version: "0.1.0",
    startedAt: "2026-11-22T10:00:00Z",
    maxUploadBytes: 524_288_000,
    maxBodyBytes: 524_288_000,
    deadlineS: 30,
    workers: 2,
    intraOpThreads: 1,
    memoryMb: 1024,
    maxAnswerBytes: 536_870_912,
    scratchMb: 64,
    threads: 64,
    network: "off",
    onnxruntime: "1.32.0",
    sandbox: {
      level: "full",
      landlockAbi: 7,
      seccomp: true,
      ports: true,
      uid: 64888,
      uidReason: null,
      machine: "x86_64",
      tried: true,
      missing: [],
    },
    disk: { freeBytes: 4e10, totalBytes: 1e11, dataBytes: 1e6 },
    ...changes,
  };
}

/**
 * @param {Partial<Session>} [changes]
 * @returns {Session}
 */
export function aSession(changes) {
  return { name: "operator", role: "ADMIN", by: "link", userId: null, pipelines: null, ...changes };
}
