import { expect, it } from "vitest";
import { JsonTree } from "../../lib/jsonTree.js";
import { idsTo, openAtFirst, rowsOf } from "./rows.js";

it("opens what fits on a screen", () => {
  const tree = new JsonTree(JSON.stringify({ label: "seven", all: { a: 1, b: 2 }, row: Array(64).fill(0) }));
  const rows = rowsOf(tree, openAtFirst(tree));
  expect(rows.map(({ level, node, isOpen }) => [level, node.key, isOpen])).toEqual([
    [1, null, true],
    [2, "label", false],
    [2, "all", true],
    [3, "a", false],
    [3, "b", false],
    [2, "row", false],
  ]);
});

it("shows very many items in ranges of a hundred", () => {
  const tree = new JsonTree(JSON.stringify(Array.from({ length: 123_456 }, (_, i) => i)));
  const rows = rowsOf(tree, openAtFirst(tree));
  expect(rows).toHaveLength(1 + 13);
  expect(rows[13]).toMatchObject({ range: [120_000, 123_456], place: 13, siblings: 13, level: 2 });

  const offset = tree.search("123400")[0];
  const ids = idsTo(tree, offset);
  const opened = rowsOf(tree, new Set([...openAtFirst(tree), ...ids]));
  expect(opened).toHaveLength(1 + 13 + 35 + 56);
  const row = opened.find(({ id }) => id === ids.at(-1));
  expect(row).toMatchObject({ index: 123_400, level: 4, place: 1, siblings: 56 });
});

it("has places among siblings, for screen readers", () => {
  const tree = new JsonTree('{"a": [1, 2], "b": "x"}');
  const rows = rowsOf(tree, openAtFirst(tree));
  expect(rows.map(({ place, siblings }) => [place, siblings])).toEqual([
    [1, 1],
    [1, 2],
    [1, 2],
    [2, 2],
    [2, 2],
  ]);
});
