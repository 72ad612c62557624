import { expect, it } from "vitest";
import { signatureOf } from "./signatures.js";

const TENSOR = { name: "x", datatype: "FP32", shape: [-1, 64] };
const CONTENT = { name: "content", datatype: "BYTES", shape: [1], parameters: { content_type: "?" } };
const RESULT = { name: "result", datatype: "BYTES", shape: [1], parameters: { content_type: "?" } };

it("tells bytes for scripts from tensors of the model", () => {
  expect(signatureOf({ inputs: [CONTENT], outputs: [RESULT] })).toEqual({
    takesFile: true,
    givesResult: true,
    inputs: [],
  });
  expect(signatureOf({ inputs: [TENSOR], outputs: [TENSOR] })).toEqual({
    takesFile: false,
    givesResult: false,
    inputs: [{ ...TENSOR, type: "FP32" }],
  });
});

it("knows a model's own tensor that is called as what pre-processing gets", () => {
  const own = { ...CONTENT, parameters: { content_type: "?", onnx_type: "seq(map(int64,tensor(float)))" } };
  expect(signatureOf({ inputs: [own], outputs: [TENSOR] }).takesFile).toBe(false);
});
