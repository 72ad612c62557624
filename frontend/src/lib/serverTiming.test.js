import { expect, it } from "vitest";
import { parseServerTiming } from "./serverTiming.js";

it("reads names and durations in their order", () => {
  expect(parseServerTiming("queue;dur=0.2, pre-processing;desc=x;dur=3.1,model;dur=0")).toEqual([
    { name: "queue", durationMs: 0.2 },
    { name: "pre-processing", durationMs: 3.1 },
    { name: "model", durationMs: 0 },
  ]);
});

it.each(["", "cache", "cache;dur=x", ";dur=1"])("passes over %j, which has no duration", (header) => {
  expect(parseServerTiming(header)).toEqual([]);
});
