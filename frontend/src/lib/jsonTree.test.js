import { describe, expect, it } from "vitest";
import { JsonTree } from "./jsonTree.js";

/**
 * @param {string} text
 * @returns {unknown} what the tree says of the text, with raw values
 */
function unfold(text) {
  const tree = new JsonTree(text);
  /** @type {(node: import("./jsonTree.js").JsonNode) => unknown} */
  const of = (node) => {
    if (node.kind === "object")
      return Object.fromEntries(tree.children(node).map((child) => [child.key, of(child)]));
    return node.kind === "array" ? tree.children(node).map(of) : tree.raw(node);
  };
  return of(tree.root);
}

describe("JsonTree", () => {
  it("finds every value and leaves it digit for digit", () => {
    expect(
      unfold('{"id":9007199254740993, "p" : [0.10,-1e-07 ,"NaN",null,[],{}],"a":{"b":[[1],[2]]}}'),
    ).toEqual({
      id: "9007199254740993",
      p: ["0.10", "-1e-07", '"NaN"', "null", [], {}],
      a: { b: [["1"], ["2"]] },
    });
  });

  it("isn't misled by what texts hold", () => {
    const value = { 'k"]}': '[{"\\', "a:,b": "\\\\", é: "\n\u2028" };
    expect(unfold(JSON.stringify(value))).toEqual(
      Object.fromEntries(Object.entries(value).map(([key, text]) => [key, JSON.stringify(text)])),
    );
  });

  it("finds the end of a text of many megabytes", () => {
    const long = "A".repeat(20_000_000);
    const tree = new JsonTree(JSON.stringify([long, 1]));
    expect(tree.children(tree.root).map(({ end, start }) => end - start)).toEqual([20_000_002, 1]);
  });

  it.each(["", "[1", "[1] 2", "nope"])("refuses %j", (text) => {
    expect(() => new JsonTree(text)).toThrow(SyntaxError);
  });

  it("searches keys and values, whatever their case, and tells the way there", () => {
    const tree = new JsonTree('{"Boxes": [{"label": "a CAT"}, {"label": "cat \\"x\\""}], "n": 21}');
    const found = tree.search("cat").map((offset) => tree.pathTo(offset));
    expect(found.map((path) => path.map(({ index }) => index))).toEqual([
      [0, 0, 0, 0],
      [0, 0, 1, 0],
    ]);
    expect(tree.search("boxes")).toHaveLength(1);
    expect(tree.search('"x"')).toHaveLength(1);
    expect(tree.search("21")).toHaveLength(1);
    for (const nothing of ["", "[", "dog"]) expect(tree.search(nothing)).toEqual([]);
  });

  it("stops searching at a thousand", () => {
    expect(new JsonTree(JSON.stringify(Array(5000).fill(7))).search("7")).toHaveLength(1000);
  });
});
