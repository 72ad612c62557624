import { expect, it } from "vitest";
import { contractOf } from "./contract.js";

const tensor = (/** @type {string} */ name, /** @type {number[]} */ shape) => ({
  name,
  type: "tensor(float)",
  datatype: "FP32",
  shape,
});
const MODEL = { inputs: [tensor("x", [-1, 64])], outputs: [tensor("label", [1]), tensor("p", [-1, 10])] };

it.each([
  ["pre-processing", true, "the request's bytes", '{"x": FP32 [?, 64]}'],
  ["post-processing", true, "[label: FP32 [1], p: FP32 [?, 10]]", "the answer: anything that JSON can hold"],
])("tells what a %s script is given and returns", (step, hasScript, given, returns) => {
  const lines = contractOf(/** @type {"pre-processing"} */ (step), hasScript, MODEL);
  expect(lines).toEqual([
    ["is given", given],
    ["must return", returns],
  ]);
});

it("tells what callers send and get where there is no script", () => {
  expect(contractOf("pre-processing", false, MODEL)).toEqual([["callers send", '{"x": FP32 [?, 64]}']]);
  expect(contractOf("post-processing", false, MODEL)).toEqual([
    ["callers get", '{"label": FP32 [1], "p": FP32 [?, 10]}'],
  ]);
});

it("names only some of very many", () => {
  const inputs = Array.from({ length: 30 }, (_, i) => tensor(`i${i}`, [1]));
  expect(contractOf("pre-processing", false, { inputs, outputs: [] })[0][1]).toMatch(
    /"i7": .*, and 22 more}$/,
  );
});
