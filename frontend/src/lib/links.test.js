import { expect, it } from "vitest";
import { modelLink, nameIn, pipelineLink, resourceLink } from "./links.js";

it.each(["digits", "50 % off?", "%3F", "größe #2", "a&b=c", "v1.2"])("leads to %j and back", (name) => {
  for (const link of [pipelineLink, modelLink, resourceLink]) {
    const { pathname } = new URL(link(name), "http://here");
    expect(nameIn(pathname)).toBe(name);
  }
});

it("takes a mistyped address as it is", () => {
  expect(nameIn("/models/100%/")).toBe("100%");
});
