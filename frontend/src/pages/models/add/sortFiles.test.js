import { expect, it } from "vitest";
import { sortFiles } from "./sortFiles.js";

const file = (/** @type {string} */ name) => new File(["x"], name);
const names = (/** @type {{files: readonly File[]}[]} */ loads) =>
  loads.map(({ files }) => files.map(({ name }) => name));

it("makes a model of each .onnx, whatever its case", () => {
  const { loads, loose } = sortFiles([file("a.onnx"), file("b.ONNX")], []);
  expect(names(loads)).toEqual([["a.onnx"], ["b.ONNX"]]);
  expect(loose).toEqual([]);
});

it("puts data files beside the model whose name they begin with, the longest one", () => {
  const chosen = ["net.onnx.data", "net2_weights.bin", "net.onnx", "net2.onnx"].map(file);
  expect(names(sortFiles(chosen, []).loads)).toEqual([
    ["net.onnx", "net.onnx.data"],
    ["net2.onnx", "net2_weights.bin"],
  ]);
});

it("takes any other file for the only model's", () => {
  expect(names(sortFiles([file("weights"), file("a.onnx")], []).loads)).toEqual([["a.onnx", "weights"]]);
});

it("doesn't guess between several models", () => {
  const { loads, loose } = sortFiles(["a.onnx", "b.onnx", "weights"].map(file), []);
  expect(names(loads)).toEqual([["a.onnx"], ["b.onnx"]]);
  expect(loose.map(({ name }) => name)).toEqual(["weights"]);
});

it("adds to what is there and keeps what was written", () => {
  const known = [{ files: [file("a.onnx")], name: "my a", description: "first" }];
  const again = file("a.onnx");
  const { loads } = sortFiles([again, file("a.data"), file("b.onnx")], known);
  expect(names(loads)).toEqual([["a.onnx", "a.data"], ["b.onnx"]]);
  expect(loads[0]).toMatchObject({ name: "my a", description: "first" });
  expect(loads[0].files[0]).toBe(again);
});
