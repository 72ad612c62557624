import { expect, it } from "vitest";
import { aPipeline, aSystem } from "../../../testing/samples.js";
import { badgesOf } from "./PolicyBadges.jsx";

const labels = (/** @type {ReturnType<typeof badgesOf>} */ badges) => badges.map(({ label }) => label);

it("tells what differs from the server's defaults", () => {
  const pipeline = aPipeline({
    deadlineS: 5,
    memoryMb: 1024,
    scratchMb: 0,
    threads: 8,
    network: [443, 5432],
  });
  expect(labels(badgesOf(pipeline, aSystem()))).toEqual([
    "Deadline 5 s",
    "Temporary folder 0 MiB",
    "Threads 8",
    "Network ports 443 and 5432 only",
  ]);
  expect(badgesOf(aPipeline(), aSystem())).toEqual([]);
});

it("marks an open network, also where the server opens it for all", () => {
  const open = { label: "Network open", isOpen: true };
  expect(badgesOf(aPipeline({ network: "open" }), aSystem())).toEqual([open]);
  expect(badgesOf(aPipeline(), aSystem({ network: "open" }))).toEqual([open]);
  expect(labels(badgesOf(aPipeline({ network: "off" }), aSystem({ network: "open" })))).toEqual([
    "Network off",
  ]);
});
