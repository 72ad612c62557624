import { expect, it } from "vitest";
import { parseKeepingDigits } from "./jsonExact.js";

it("keeps every digit of what a double would round", () => {
  const text =
    '{"a": [9007199254740993, -18446744073709551615], "b": "1234567890123456789", "c": 1234567890123456}';
  expect(parseKeepingDigits(text)).toEqual({
    a: ["9007199254740993", "-18446744073709551615"],
    b: "1234567890123456789",
    c: 1234567890123456,
  });
});

it("reads the rest as ever", () => {
  expect(parseKeepingDigits('[0.30000001192092896, 1e-7, "NaN", null]')).toEqual([
    0.30000001192092896,
    1e-7,
    "NaN",
    null,
  ]);
});

it.each(["", "[1", "[12345678901234567890"])("refuses %j", (text) => {
  expect(() => parseKeepingDigits(text)).toThrow(SyntaxError);
});
