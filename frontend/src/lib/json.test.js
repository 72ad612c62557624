import { describe, expect, it } from "vitest";
import { layOutJson } from "./json.js";

describe("layOutJson", () => {
  it("keeps every digit of a number", () => {
    const text = '{"id": 9007199254740993, "p": 0.00019999999494757503, "e": 1E-07}';
    expect(layOutJson(text)).toBe('{"id": 9007199254740993, "p": 0.00019999999494757503, "e": 1E-07}');
  });

  it("keeps what fits on one line there and breaks what doesn't", () => {
    const row = "[1111111111, 2222222222, 3333333333]";
    expect(layOutJson(`{"rows":[${row},${row},${row}],"n":1}`)).toBe(
      ["{", '  "rows": [', `    ${row},`, `    ${row},`, `    ${row}`, "  ],", '  "n": 1', "}"].join("\n"),
    );
  });

  it("fills lines with plain values", () => {
    const lines = layOutJson(JSON.stringify(Array.from({ length: 100 }, (_, i) => i))).split("\n");
    expect(lines.length).toBeLessThan(9);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(81);
  });

  it("says the same as before, whatever the text", () => {
    const value = {
      a: [],
      b: {},
      "c:,[": ['}"\\', "é\n", null, true, -1.5e-7, [[1], [2, [3]]]],
      d: "x".repeat(99),
    };
    expect(JSON.parse(layOutJson(JSON.stringify(value)))).toEqual(value);
  });

  it.each(["", "[1, 2", '{"a" 1}', "[1] 2", "<html>", "[,]"])(
    "leaves %j, which isn't JSON, as it is",
    (text) => {
      expect(layOutJson(text)).toBe(text);
    },
  );
});
