import { expect, it } from "vitest";
import { words } from "../words.js";

/** @type {Record<string, Record<string, any>>} */
const modules = import.meta.glob("./*/ways.js", { eager: true });

it("has a word for every order of every list", () => {
  const ways = Object.values(modules).flatMap((exported) => Object.values(exported));
  const sorts = ways.flatMap((way) => Object.keys(way.sorts ?? {}));
  expect(sorts.length).toBeGreaterThan(10);
  for (const sort of sorts) expect(words.list.sorts).toHaveProperty(sort);
});
