import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatDuration,
  formatExactBytes,
  formatLimit,
  formatRelative,
  formatShape,
} from "./format.js";

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1.00 kB"],
  [52113, "52.1 kB"],
  [999_600, "1.00 MB"],
  [524_288_000, "524 MB"],
])("writes %d bytes as %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it.each([
  [536_870_912, "512 MiB"],
  [17_179_869_184, "16,384 MiB"],
  [2048, "2 KiB"],
  [1000, "1,000 bytes"],
])("writes a limit of %d bytes as %s", (bytes, text) => {
  expect(formatLimit(bytes)).toBe(text);
});

it("writes every byte", () => {
  expect(formatExactBytes(1)).toBe("1 byte");
  expect(formatExactBytes(52113)).toBe("52,113 bytes");
});

it.each([
  [0.042, "0.04 ms"],
  [12.34, "12.3 ms"],
  [345.6, "346 ms"],
  [1234, "1.2 s"],
  [61_000, "61 s"],
])("writes %d ms as %s", (durationMs, text) => {
  expect(formatDuration(durationMs)).toBe(text);
});

it.each([
  ["2026-11-22T11:59:40Z", "now"],
  ["2026-11-22T11:57:00Z", "3 minutes ago"],
  ["2026-11-21T11:00:00Z", "yesterday"],
  ["2025-11-01T11:00:00Z", "last year"],
])("tells %s from noon as %s", (iso, text) => {
  expect(formatRelative(iso, new Date("2026-11-22T12:00:00Z"))).toBe(text);
});

describe("formatShape", () => {
  const tensor = { name: "x", type: "", datatype: null };
  it("names variable dimensions where they have a name", () => {
    expect(formatShape({ ...tensor, shape: [-1, 3, -1], symbols: ["N", null, null] })).toBe("[N, 3, ?]");
  });
  it("tells a scalar from what has no shape", () => {
    expect(formatShape({ ...tensor, shape: [] })).toBe("scalar");
    expect(formatShape({ ...tensor, shape: null })).toBe("");
  });
});
