import { array, assert, bigInt, constant, double, oneof, property, string, uint8Array } from "fast-check";
import { describe, expect, it } from "vitest";
import { arrayLiteral } from "./array-literal.ts";
import { bindValues } from "./bind-values.ts";
import { parserOf } from "./parsers.ts";
import { rowReader } from "./row-reader.ts";

/** Reads an array literal of quoted elements, as the server's manual describes it. */
function readLiteral(literal: string): readonly (string | null)[] {
  const elements: (string | null)[] = [];
  for (const [, element, quoted] of literal.slice(1, -1).matchAll(/(NULL|"((?:[^"\\]|\\[\s\S])*)")(?:,|$)/g)) {
    elements.push(element === "NULL" ? null : (quoted ?? "").replace(/\\([\s\S])/g, "$1"));
  }
  return elements;
}

describe("values that are bound", () => {
  it("are sent as text that the server reads, and bytes as they are", () => {
    const given = ["a", 1.5, -0, 10n ** 30n, true, Number.NaN, -Infinity, null, Uint8Array.of(0, 255)];
    const sent = ["a", "1.5", "-0", `1${"0".repeat(30)}`, "true", "NaN", "-Infinity", null, Buffer.of(0, 255)];
    expect(bindValues(given)).toEqual(sent);
  });

  it("keep every number and text", () => {
    assert(
      property(double(), (value) => {
        expect(Number(bindValues([value])[0])).toBe(value);
      }),
    );
    assert(
      property(bigInt(), (value) => {
        expect(bindValues([value])).toEqual([String(value)]);
      }),
    );
    assert(
      property(string({ unit: "binary" }), (value) => {
        expect(bindValues([value])).toEqual([value]);
      }),
    );
  });

  it("are sent as array literals where they are arrays, whatever their elements hold", () => {
    expect(bindValues([[1, null, "a,b", true, Uint8Array.of(1, 171)]])).toEqual([
      String.raw`{"1",NULL,"a,b","true","\\x01ab"}`,
    ]);
    const texts = array(oneof(constant(null), constant("NULL"), string({ unit: "binary" }), constant('{"\\,')));
    assert(
      property(texts, (values) => {
        expect(readLiteral(arrayLiteral(values))).toEqual(values);
      }),
    );
  });

  it.each([
    [undefined, "undefined"],
    [new Date(0), "a Date"],
    [{ a: 1 }, "an object"],
    [Symbol("x"), "a symbol"],
    [[[1]], "an array of other things"],
    ["\ud800", "half a surrogate pair"],
    [["\udc00"], "half a surrogate pair"],
  ])("%s is refused, with its place", (value, what) => {
    expect(() => bindValues([1, value])).toThrow(
      expect.objectContaining({
        code: "invalid-query",
        message: expect.stringContaining(
          `bound value 2 is ${what.startsWith("half") ? "text with " : ""}${what}`,
        ) as unknown,
      }),
    );
  });

  it("are as many as the protocol counts", () => {
    expect(bindValues(Array.from({ length: 65_535 }, () => 1))).toHaveLength(65_535);
    expect(() => bindValues(Array.from({ length: 65_536 }, () => 1))).toThrow("at most 65535 values, not 65536");
  });
});

describe("values that are read", () => {
  it.each([
    [16, "t", true],
    [16, "f", false],
    [20, "9007199254740991", 9007199254740991],
    [21, "-32768", -32768],
    [700, "0.12345679", Math.fround(0.123456789)],
    [700, "-Infinity", -Infinity],
    [701, "1e-300", 1e-300],
    [701, "NaN", Number.NaN],
    [1042, "ab  ", "ab"],
    [1042, "  ", ""],
    [1043, "ab  ", "ab  "],
    [1700, "1.50", "1.50"],
    [1082, "2024-02-29", "2024-02-29"],
    [1114, "2024-02-29 12:00:00.5", "2024-02-29 12:00:00.5"],
    [114, '"123"', '"123"'],
    [3802, "123", "123"],
    [99_999, "of an unknown type", "of an unknown type"],
  ])("%i %s", (type, text, expected) => {
    expect(parserOf(type, false)(text)).toEqual(expected);
  });

  it("are bigints where they were asked for, and never rounded", () => {
    expect(parserOf(20, true)("9223372036854775807")).toBe(2n ** 63n - 1n);
    expect(parserOf(20, true)("1")).toBe(1n);
    expect(parserOf(23, true)("1")).toBe(1);
    expect(() => parserOf(20, false)("9007199254740993")).toThrow(expect.objectContaining({ code: "out-of-range" }));
  });

  it("are plain bytes with a memory of their own", () => {
    assert(
      property(uint8Array(), (bytes) => {
        const read = parserOf(17, false)(`\\x${Buffer.from(bytes).toString("hex")}`) as Uint8Array;
        expect(read).toEqual(bytes);
        expect([read.constructor, read.byteOffset, read.buffer.byteLength]).toEqual([Uint8Array, 0, bytes.length]);
      }),
    );
  });

  it("stand under the names of their columns, whatever these are", () => {
    const fields = ["a", "__proto__", "a"].map((name) => ({ name, dataTypeID: 23 }));
    const row = rowReader(fields, false)(["1", "2", null]);
    expect(Object.entries(row)).toEqual([
      ["a", null],
      ["__proto__", 2],
    ]);
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
  });
});
