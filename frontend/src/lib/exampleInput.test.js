import { expect, it } from "vitest";
import { exampleInput, isShortInput } from "./exampleInput.js";

/**
 * @param {string} name
 * @param {number[] | null} shape
 * @param {string} datatype
 */
const tensor = (name, shape, datatype = "FP32") => ({ name, type: "?", datatype, shape, symbols: null });

it("fills each input with what fits its shape and type", () => {
  const inputs = [
    tensor("image", [-1, 2, 2]),
    tensor("flag", [], "BOOL"),
    tensor("text", [1], "BYTES"),
    tensor("any", null, "INT64"),
  ];
  expect(exampleInput(inputs)).toEqual({
    image: [
      [
        [0, 0],
        [0, 0],
      ],
    ],
    flag: false,
    text: [""],
    any: [0],
  });
});

it("knows what is too long to be written out", () => {
  expect(isShortInput([tensor("a", [-1, 64]), tensor("b", [36])])).toBe(true);
  expect(isShortInput([tensor("a", [-1, 3, 224, 224])])).toBe(false);
});
