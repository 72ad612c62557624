import { expect, it } from "vitest";
import { bands, bars, levels, logarithmic, roundTop } from "./shape.js";

it("draws a bar for each number, and however little is seen", () => {
  expect(bars([0, 5, 10], 10)).toBe("M1.1 50h0.8V100h-0.8zM2.1 0h0.8V100h-0.8z");
  expect(bars([1], 10_000)).toBe("M0.1 96h0.8V100h-0.8z");
});

it("leaves out what nobody called", () => {
  const half = () => 0.5;
  expect(levels([null, 1], half)).toBe("M1 50h1");
  expect(bands([null, 1], [null, 2], half)).toBe("M1 50h1V50h-1z");
});

it("has a step for each power of ten", () => {
  const { scale, marks } = logarithmic([null, 2, 30]);
  expect(marks).toEqual([1, 10, 100]);
  expect([1, 10, 100].map(scale)).toEqual([0, 0.5, 1]);
  expect(scale(0)).toBe(0);
});

it("is wide enough without any number", () => {
  expect(logarithmic([]).marks).toEqual([1, 10, 100]);
});

it.each([
  [0, 1],
  [3, 5],
  [17, 20],
  [51, 100],
  [100, 100],
])("ends an axis of %i at %i", (most, top) => {
  expect(roundTop(most)).toBe(top);
});
