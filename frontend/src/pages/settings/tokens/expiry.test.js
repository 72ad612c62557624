import { expect, it } from "vitest";
import { expiresAt, today } from "./expiry.js";

const NOW = new Date(2026, 10, 30, 12, 0, 0);

it("ends never, after some days, or with a day", () => {
  expect(expiresAt("never", "", NOW)).toBeNull();
  expect(expiresAt("month", "", NOW)).toBe(new Date(2026, 11, 30, 12, 0, 0).toISOString());
  expect(expiresAt("day", "2026-12-31", NOW)).toBe(new Date(2026, 11, 31, 23, 59, 59).toISOString());
  expect(today(NOW)).toBe("2026-11-30");
});
