import { expect, test } from "vitest";
import { addressOf, exampleOf, typeOf } from "./schemas.js";

const place = "#/components/schemas/Model";

test("types are told in a word", () => {
  expect(typeOf({ type: "array", items: { $ref: place } })).toBe("Model[]");
  expect(typeOf({ enum: ["a", "b"] })).toBe("a | b");
  expect(typeOf({})).toBe("");
});

test("examples are those of what a schema refers to", () => {
  expect(exampleOf({ $ref: place }, { Model: { examples: [{ name: "digits" }] } })).toEqual({
    name: "digits",
  });
  expect(exampleOf({ $ref: place }, {})).toBeUndefined();
});

test("an address has names percent-encoded and no empty parameters", () => {
  /** @param {string} name @param {"path" | "query"} where */
  const parameter = (name, where) => ({ name, in: where, description: "", required: false, schema: {} });
  const parameters = [parameter("name", "path"), parameter("q", "query"), parameter("limit", "query")];
  expect(addressOf("/models/{name}", parameters, { name: "a/b", q: "x y" })).toBe("models/a%2Fb?q=x+y");
  expect(addressOf("/system", [], {})).toBe("system");
});
