/// <reference types="node" />
// jsdom's own can't be read.
import { Blob } from "node:buffer";
import { expect, it } from "vitest";
import { contentOf } from "./contentKind.js";

/** @param {...(string | number[])} parts */
const blob = (...parts) =>
  /** @type {globalThis.Blob} */ (
    /** @type {unknown} */ (
      new Blob(parts.map((part) => (typeof part === "string" ? part : Uint8Array.from(part))))
    )
  );

it("knows pictures by their first bytes", async () => {
  expect(await contentOf(blob([0x89], "PNG\r\n\x1a\n"))).toEqual({ kind: "picture", mediaType: "image/png" });
  expect(await contentOf(blob([0xff, 0xd8, 0xff, 0xe0]))).toEqual({
    kind: "picture",
    mediaType: "image/jpeg",
  });
  expect(await contentOf(blob("RIFF", [1, 2, 3, 4], "WEBP"))).toEqual({
    kind: "picture",
    mediaType: "image/webp",
  });
});

it("shows the beginning of texts, cut between characters", async () => {
  expect(await contentOf(blob("a,b\n1,2"))).toEqual({ kind: "text", text: "a,b\n1,2", whole: true });
  const found = await contentOf(blob("a", "ü".repeat(5000)));
  expect(found).toEqual({ kind: "text", text: `a${"ü".repeat(1999)}`, whole: false });
});

it("calls the rest bytes", async () => {
  for (const other of [blob([0, 1, 2]), blob("a", [0xff, 0xfe]), blob("")]) {
    expect(await contentOf(other)).toEqual({ kind: "bytes" });
  }
});
