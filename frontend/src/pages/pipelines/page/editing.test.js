import { expect, it } from "vitest";
import { aPipeline } from "../../../testing/samples.js";
import { changedFields, changesOf, copyOf, valuesOf } from "./editing.js";
import { parsePorts } from "./network.js";

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

it("takes ports and variables as people write them", () => {
  const pipeline = aPipeline({ network: [443], variables: { B: "2", A: "1" } });
  const values = valuesOf(pipeline);
  expect(values).toMatchObject({
    network: { choice: "ports", ports: "443" },
    variables: [
      ["A", "1"],
      ["B", "2"],
    ],
  });
  expect(changesOf(pipeline, { ...values, network: { choice: "ports", ports: " 443," } })).toEqual({});
  expect(changesOf(pipeline, { ...values, variables: [...values.variables, ["", ""]] })).toEqual({});
  expect(
    changesOf(pipeline, {
      ...values,
      network: { choice: "ports", ports: "5432 443" },
      variables: [["B", "3"]],
    }),
  ).toEqual({ network: [443, 5432], variables: { B: "3" } });
  expect(changesOf(pipeline, { ...values, network: { choice: "default", ports: "443" } })).toEqual({
    network: null,
  });
  expect(parsePorts("443, http")).toBeNull();
  expect(parsePorts("0")).toBeNull();
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
