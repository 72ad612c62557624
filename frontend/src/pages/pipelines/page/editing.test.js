import { expect, it } from "vitest";
import { aPipeline } from "../../../testing/samples.js";
import { changedFields, changesOf, copyOf, valuesOf } from "./editing.js";

it("sends what was changed and nothing else", () => {
  const pipeline = aPipeline({ workers: 2, dataFiles: ["a.json"] });
  const values = valuesOf(pipeline);
  expect(changesOf(pipeline, values)).toEqual({});
  const changed = { ...values, name: "other", workers: "", dataFiles: ["a.json", "b.json"] };
  expect(changesOf(pipeline, changed)).toEqual({
    name: "other",
    workers: null,
    dataFiles: ["a.json", "b.json"],
  });
});

it("knows what somebody else changed", () => {
  const before = aPipeline();
  const now = aPipeline({ revision: 2, model: "better", deadlineS: 3, state: "idle" });
  expect(changedFields(before, now)).toEqual(["model", "deadlineS"]);
});

it("copies all parts and the whole policy", () => {
  const pipeline = aPipeline({ pinned: true, memoryMb: 512, dataFiles: ["a.json"], sample: "a.json" });
  const copy = copyOf(pipeline, "other");
  expect(copy).toMatchObject({
    name: "other",
    model: "digits",
    pinned: true,
    memoryMb: 512,
    sample: "a.json",
  });
  expect(copy).not.toHaveProperty("id");
});
