import { expect, it } from "vitest";
import { moveTo } from "../testing/server.js";
import { apiUrl, basePath, path } from "./address.js";

it("derives all from the document's base", () => {
  moveTo("https://example.test/tools/sluice/pipelines");
  document.head.innerHTML = '<base href="/tools/sluice/" />';
  expect(basePath()).toBe("/tools/sluice");
  expect(apiUrl("models")).toBe("https://example.test/tools/sluice/api/v1/models");
});

it("has no prefix at the root", () => {
  expect(basePath()).toBe("");
});

it.each([
  ["a/b", "models/a%2Fb/content"],
  ["50 %?#ü", "models/50%20%25%3F%23%C3%BC/content"],
])("encodes the name %j", (name, encoded) => {
  expect(path`models/${name}/content`).toBe(encoded);
});
