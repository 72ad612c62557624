import { expect, it } from "vitest";
import { jsonSkeleton } from "./jsonSkeleton.js";

const COMMON = { type: "tensor(float)", symbols: null };

it("has the model's names and shapes", () => {
  const skeleton = jsonSkeleton([
    { ...COMMON, name: "x", datatype: "FP32", shape: [-1, 2] },
    { ...COMMON, name: 'a "b"', datatype: "BYTES", shape: [1] },
    { ...COMMON, name: "flag", datatype: "BOOL", shape: [] },
    { ...COMMON, name: "image", datatype: "FP32", shape: [1, 3, 224, 224] },
  ]);
  expect(JSON.parse(skeleton)).toEqual({ x: [[0, 0]], 'a "b"': [""], flag: false, image: [] });
});

it("is empty where no inputs are known", () => {
  expect(jsonSkeleton([])).toBe("");
});
