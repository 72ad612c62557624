import { expect, it } from "vitest";
import { rgbaOf } from "./rgba.js";

const of = (/** @type {number} */ channels, /** @type {number[]} */ bytes) => [
  ...rgbaOf({ width: 2, height: 1, channels, data: btoa(String.fromCharCode(...bytes)) }),
];

it("makes grey, colour and opacity what a canvas takes", () => {
  expect(of(1, [0, 200])).toEqual([0, 0, 0, 255, 200, 200, 200, 255]);
  expect(of(3, [1, 2, 3, 4, 5, 6])).toEqual([1, 2, 3, 255, 4, 5, 6, 255]);
  expect(of(4, [1, 2, 3, 4, 5, 6, 7, 8])).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
});
