import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isKey } from "../keys/parse-key.ts";
import { utf8Length } from "../keys/utf8.ts";
import { encodeKeyValue, keySegment } from "./key-value.ts";

type Case = readonly [id: string, type: string, value: unknown, expected: string];

const cases: readonly Case[] = [
  ["G01", "int32", 1, "1"],
  ["G02", "int32", -5, "-5"],
  ["G03", "bool", true, "1"],
  ["G04", "float64", 1, "1.0"],
  ["G05", "float64", 0.1, "0.1"],
  ["G06", "float64", 1e15, "1000000000000000.0"],
  ["G07", "float64", 1e16, "1e+16"],
  ["G08", "float64", 1e22, "1e+22"],
  ["G09", "float64", 0.0001, "0.0001"],
  ["G10", "float64", 0.00001, "1e-05"],
  ["G11", "float64", 1e-7, "1e-07"],
  ["G12", "float64", 123456789012345680, "1.2345678901234568e+17"],
  ["G13", "float64", -0, "-0.0"],
  ["G14", "float64", Number.NaN, "nan"],
  ["G15", "bigint", 1180591620717411303424n, "1180591620717411303424"],
  ["G16", "date", "2024-01-15", "2024-01-15"],
  ["G17", "datetime", "2024-01-15 13:04:05", "2024-01-15T13-04-05"],
  ["G18", "datetime", "2024-01-15 13:04:05.123456", "2024-01-15T13-04-05.123456"],
  ["G19", "datetime", "2024-01-15 13:04:05+00:00", "2024-01-15T13-04-05"],
  ["G20", "datetime", "0024-01-15 01:02:03", "0024-01-15T01-02-03"],
  ["G21", "time", "13:04:05", "13-04-05"],
  ["G22", "time", "13:04:05.000007", "13-04-05.000007"],
  ["G23", "interval", "1:00:05", "1%3A00%3A05"],
  ["G24", "uuid", "12345678-1234-5678-1234-567812345678", "12345678-1234-5678-1234-567812345678"],
  ["G25", "decimal", "1.50", "1.50"],
  ["G26", "decimal", "1E+2", "1E+2"],
  ["G27", "varchar", "042", "042"],
  ["G28", "varchar", "a b", "a b"],
  ["G29", "varchar", "a/b", "a%2Fb"],
  ["G30", "varchar", "a\\b", "a%5Cb"],
  ["G31", "varchar", "a:b", "a%3Ab"],
  ["G32", "varchar", 'a*?"<>|', "a%2A%3F%22%3C%3E%7C"],
  ["G33", "varchar", "/!'()*~_.-", "%2F%21%27%28%29%2A~_.-"],
  ["G34", "varchar", "a:é +&=#%", "a%3A%C3%A9%20%2B%26%3D%23%25"],
  ["G35", "varchar", "é/x", "%C3%A9%2Fx"],
  ["G36", "varchar", "日本", "日本"],
  ["G37", "varchar", "日本/語", "%E6%97%A5%E6%9C%AC%2F%E8%AA%9E"],
  ["G38", "varchar", "a%2Fb", "a%252Fb"],
  ["G39", "varchar", "a%b", "a%25b"],
  ["G40", "varchar", "a#b", "a%23b"],
  ["G41", "varchar", "..", "%2E%2E"],
  ["G42", "varchar", "", "%E2%88%85"],
  ["G43", "varchar", "x".repeat(100), "x".repeat(100)],
  ["G44", "varchar", "x".repeat(101), `${"x".repeat(50)}_608367d7`],
  ["G45", "varchar", "y".repeat(120), `${"y".repeat(50)}_723628a6`],
  ["G46", "varchar", `/${"A".repeat(100)}`, `%2F${"A".repeat(49)}_3a9bec4a`],
  ["G47", "varchar", "a/".repeat(60), `${"a%2F".repeat(25)}_c6d8fb95`],
  ["G49", "datetime", "2024-01-15 10:00:00", "2024-01-15T10-00-00"],
];

describe("encodeKeyValue", () => {
  it.each(cases)("%s: %s %s", (_id, name, value, expected) => {
    expect(encodeKeyValue({ name }, value)).toBe(expected);
  });

  it("G48: keeps 60 emoji whole where they fit into a segment, and shortens them where the name leaves no room", () => {
    const type = { name: "varchar" };
    const emoji = "😀".repeat(60);
    expect(encodeKeyValue(type, emoji)).toBe(emoji);
    const segment = keySegment({ name: "a_rather_long_name", type, value: emoji });
    expect(segment).toMatch(/^a_rather_long_name=(😀)+_[0-9a-f]{8}$/u);
    expect(utf8Length(segment)).toBeLessThanOrEqual(255);
    const accents = keySegment({ name: "a", type, value: "é".repeat(101) });
    expect(accents).toMatch(/^a=(%C3%A9)+_86919ab3$/);
    expect(utf8Length(accents)).toBeLessThanOrEqual(255);
  });

  it.each([
    ["bool", false, "0"],
    ["bool", 1, "1"],
    ["int64", 5n, "5"],
    ["int32", -0, "0"],
    ["float32", Number.POSITIVE_INFINITY, "inf"],
    ["float32", Number.NEGATIVE_INFINITY, "-inf"],
    ["float64", -1234.5, "-1234.5"],
    ["float64", 0.00012, "0.00012"],
    ["datetime", "2024-01-15 13:04:05.000", "2024-01-15T13-04-05"],
    ["datetime", "2024-01-15T13:04:05.12Z", "2024-01-15T13-04-05.120000"],
    ["timestamp", new Date(Date.UTC(2024, 0, 15, 13, 4, 5)), "2024-01-15T13-04-05"],
    ["uuid", "ABCDEF78-1234-5678-1234-567812345678", "abcdef78-1234-5678-1234-567812345678"],
    ["varchar", ".", "%2E"],
    ["varchar", "...", "..%2E"],
    ["varchar", "a.", "a%2E"],
    ["varchar", "a ", "a%20"],
    ["varchar", "a\nb", "a%0Ab"],
    ["enum", "left", "left"],
  ])("names %s %s as %s", (name, value, expected) => {
    expect(encodeKeyValue({ name }, value)).toBe(expected);
  });

  it.each([
    ["int32", 1.5],
    ["int32", Number.NaN],
    ["int32", null],
    ["varchar", { a: 1 }],
    ["datetime", "yesterday"],
    ["datetime", "2024-01-15 13:04:05+02:00"],
    ["datetime", new Date(Number.NaN)],
  ])("refuses %s %s", (name, value) => {
    expect(() => encodeKeyValue({ name }, value)).toThrow(`of type ${name}`);
  });

  it("gives one valid segment of at most 255 bytes for any text, another for another short text", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.string({ unit: fc.constantFrom("/", ".", "%", "é", "😀", "a", " ", "\ud800"), maxLength: 120 }),
    );
    const type = { name: "varchar" };
    fc.assert(
      fc.property(text, text, (left, right) => {
        const segment = keySegment({ name: "subject_id", type, value: left });
        expect(isKey(segment)).toBe(true);
        expect(segment).not.toContain("/");
        expect(utf8Length(segment)).toBeLessThanOrEqual(255);
        if (left !== right && left.isWellFormed() && right.isWellFormed()) {
          expect(keySegment({ name: "subject_id", type, value: right })).not.toBe(segment);
        }
      }),
    );
  });

  it("reads every float back from its text", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(encodeKeyValue({ name: "float64" }, value))).toBe(value);
      }),
    );
  });
});
