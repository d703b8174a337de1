import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "./parse-json.ts";

describe("parseJson", () => {
  it("gives what the text says", () => {
    expect(parseJson('{"a": [1, 2.5, null, true, "1234567890123456789"], "__proto__": 1}')).toEqual(
      JSON.parse('{"a": [1, 2.5, null, true, "1234567890123456789"], "__proto__": 1}'),
    );
    expect(parseJson("9007199254740991")).toBe(Number.MAX_SAFE_INTEGER);
    expect(parseJson("[0.12345678901234567890]")).toEqual([0.123_456_789_012_345_68]);
  });

  it("refuses an integer that would be rounded, wherever it stands", () => {
    for (const text of [
      "9007199254740993",
      '{"id": -9007199254740993}',
      "[[18446744073709551617]]",
      `1${"0".repeat(400)}`,
    ]) {
      expect(() => parseJson(text)).toThrow(expect.objectContaining({ name: "QueryError", code: "out-of-range" }));
    }
  });

  it("takes large numbers that are exact, and those that a database has written without an exponent", () => {
    expect(parseJson("1152921504606846976")).toBe(2 ** 60);
    expect(parseJson(`1${"0".repeat(300)}`)).toBe(1e300);
    expect(parseJson(`-1234567${"0".repeat(200)}`)).toBe(-1.234567e206);
  });

  it("reads back every number that was inserted, with an exponent or without", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(text)).toBe(JSON.parse(text));
        if (Number.isInteger(value)) expect(parseJson(BigInt(value).toString())).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});
