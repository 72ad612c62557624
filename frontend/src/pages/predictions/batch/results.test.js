import { expect, it } from "vitest";
import { ApiError } from "../../../api/errors.js";
import { asJsonArray, asJsonLines, resultLines } from "./results.js";

/**
 * @param {string} name
 * @param {Partial<import("./useBatch.js").BatchItem>} changes
 * @returns {import("./useBatch.js").BatchItem}
 */
const item = (name, changes) => ({
  id: 1,
  load: { target: { kind: "pipelines", name: "p" }, file: new File(["x"], name) },
  state: "done",
  fraction: 0,
  ...changes,
});
const answer = (/** @type {string} */ text) => ({ result: { text, timings: [], trace: null } });

it("names each file and keeps every digit of its answer", () => {
  const lines = resultLines([
    item('a "1".png', answer('{"id": 9007199254740993}')),
    item("b", answer("null")),
  ]);
  expect(lines).toEqual([
    '{"file": "a \\"1\\".png", "output": {"id": 9007199254740993}}',
    '{"file": "b", "output": null}',
  ]);
});

it("tells failures with their step, and leaves out what didn't run", () => {
  const error = new ApiError(422, {
    code: "prediction-failed",
    detail: "No.",
    step: "model",
    printed: "noise",
  });
  const lines = resultLines([
    item("a", { state: "failed", error }),
    item("b", { state: "cancelled" }),
    item("c", { state: "waiting" }),
  ]);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { file: "a", error: { code: "prediction-failed", message: "No.", step: "model" } },
  ]);
});

it("is one line a file, or one array", () => {
  const lines = resultLines([item("a", answer("[1,\r\n2]")), item("b", answer("3"))]);
  expect(asJsonLines(lines).split("\n")).toHaveLength(3);
  expect(JSON.parse(asJsonArray(lines))).toEqual([
    { file: "a", output: [1, 2] },
    { file: "b", output: 3 },
  ]);
  expect(JSON.parse(asJsonArray([]))).toEqual([]);
});
