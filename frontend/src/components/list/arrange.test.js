import { expect, it } from "vitest";
import { arrange, search } from "./arrange.js";

const ITEMS = [
  { name: "digits 10", script: "pre.py", calls: 3 },
  { name: "digits 9", script: null, calls: null },
  { name: "Zürich", script: "resize_image.py", calls: 20 },
];
const texts = (/** @type {typeof ITEMS[0]} */ { name, script }) => [name, script];
const names = (/** @type {readonly typeof ITEMS[0][]} */ items) => items.map(({ name }) => name);

it.each([
  ["", ["digits 10", "digits 9", "Zürich"]],
  ["  ", ["digits 10", "digits 9", "Zürich"]],
  ["DIGITS", ["digits 10", "digits 9"]],
  ["zurich", ["Zürich"]],
  ["pre 10", ["digits 10"]],
  ["image", ["Zürich"]],
  ["digits image", []],
])("finds by %j", (query, found) => {
  expect(names(search(ITEMS, query, texts))).toEqual(found);
});

it("orders names as people do", () => {
  const ordered = arrange(ITEMS, ({ name }) => name, false);
  expect(names(ordered)).toEqual(["digits 9", "digits 10", "Zürich"]);
  expect(names(arrange(ITEMS, ({ name }) => name, true))).toEqual(["Zürich", "digits 10", "digits 9"]);
});

it("puts what has no value last, whichever way round", () => {
  expect(names(arrange(ITEMS, ({ calls }) => calls, false))).toEqual(["digits 10", "Zürich", "digits 9"]);
  expect(names(arrange(ITEMS, ({ calls }) => calls, true))).toEqual(["Zürich", "digits 10", "digits 9"]);
});

it("leaves those of the same value in their order", () => {
  expect(names(arrange(ITEMS, () => 1, true))).toEqual(names(ITEMS));
});
