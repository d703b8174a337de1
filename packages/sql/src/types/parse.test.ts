import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseColumnType } from "./parse.ts";

describe("parseColumnType", () => {
  it.each([
    ["R-035", "int8", { kind: "core", name: "int8" }],
    ["R-036", "int16", { kind: "core", name: "int16" }],
    ["R-037", "int32", { kind: "core", name: "int32" }],
    ["R-038", "int64", { kind: "core", name: "int64" }],
    ["R-039", "float32", { kind: "core", name: "float32" }],
    ["R-040", "float64", { kind: "core", name: "float64" }],
    ["R-041", "bool", { kind: "core", name: "bool" }],
    ["R-042", "uuid", { kind: "core", name: "uuid" }],
    ["R-043", "json", { kind: "core", name: "json" }],
    ["R-044", "bytes", { kind: "core", name: "bytes" }],
    ["R-045", "date", { kind: "core", name: "date" }],
    ["R-046", "datetime", { kind: "core", name: "datetime", digits: undefined }],
    ["R-047", "datetime(6)", { kind: "core", name: "datetime", digits: 6 }],
    ["R-048", "char(4)", { kind: "core", name: "char", length: 4 }],
    ["R-049", "varchar(255)", { kind: "core", name: "varchar", length: 255 }],
    ["R-050", "decimal(8,3)", { kind: "core", name: "decimal", precision: 8, scale: 3 }],
    ["R-051", "decimal(20, 0)", { kind: "core", name: "decimal", precision: 20, scale: 0 }],
    ["R-052", "enum('x','y')", { kind: "core", name: "enum", values: ["x", "y"] }],
    ["R-053", "enum('y','x')", { kind: "core", name: "enum", values: ["y", "x"] }],
    ["R-080", "int", { kind: "native", name: "int" }],
    ["R-081", "smallint unsigned", { kind: "native", name: "smallint" }],
    ["R-082", "text", { kind: "native", name: "text" }],
    ["R-083", "double", { kind: "native", name: "double" }],
    ["R-084", "timestamp", { kind: "native", name: "timestamp" }],
  ])("%s: reads %s and keeps its text", (_id, text, expected) => {
    expect(parseColumnType(`  ${text} `)).toEqual({ type: { ...expected, text } });
  });

  it.each([
    ["R-085", "uint8", "unknown-type", /int16/],
    ["R-086", "INT32", "spelling", /write int32$/],
    ["R-087", "varchar (20)", "spelling", /write varchar\(20\)$/],
    ["R-088", "decimal(6)", "unknown-type", /decimal\(p,0\)/],
    ["R-089", "binary(16)", "unknown-type", /uuid/],
    ["R-090", "boolean", "unknown-type", /bool/],
    ["R-091", "blob", "unknown-type", /<blob>/],
    ["R-092", "double precision", "unknown-type", /float64/],
  ])("%s: refuses %s and says what to write", (_id, text, code, hint) => {
    const { problem } = parseColumnType(text);
    expect(problem).toMatchObject({ code, message: expect.stringContaining("unknown type") as unknown });
    expect(problem?.hint).toMatch(hint);
  });

  it.each(["jsonb", "enum ('a')", "Varchar(20)", "datetime (3)", "DECIMAL(5,2)"])(
    "asks for the canonical spelling of %s",
    (text) => {
      expect(parseColumnType(text).problem?.code).toBe("spelling");
    },
  );

  it.each([
    ["jsonb", "json"],
    ["VARCHAR (20)", "varchar"],
    ["datetime (3)", "datetime"],
  ])("reads %s in a marker that others wrote", (text, name) => {
    expect(parseColumnType(text, { lenient: true }).type).toMatchObject({ kind: "core", name, text });
  });

  it.each([
    ["datetime(7)", /6 digits/],
    ["varchar(0)", /1 to/],
    ["decimal(3,5)", /digits/],
    ["decimal(66,0)", /65/],
    ["enum()", /quoted/],
    ["enum('a','a')", /twice/],
    ["enum('a:b')", /colon/],
    ["enum('a' 'b')", /quoted/],
    [String.raw`enum('a\b')`, /backslash/],
    ["enum('a ')", /space/],
  ])("refuses %s", (text, message) => {
    expect(parseColumnType(text).problem).toMatchObject({
      code: "invalid-type",
      message: expect.stringMatching(message) as unknown,
    });
  });

  it.each(["int128 foo", "interval", "int8(3)", "datetime(x)", "char", "", "set('a')", "<blob>"])(
    "does not know %s",
    (text) => {
      expect(parseColumnType(text).problem?.code).toBe("unknown-type");
    },
  );

  it("reads enum values with doubled quotes, commas and double quotes", () => {
    expect(parseColumnType(`enum('it''s', "a,b" ,"c")`).type).toMatchObject({ values: ["it's", "a,b", "c"] });
  });

  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const { type, problem } = parseColumnType(text);
        expect(type === undefined).toBe(problem !== undefined);
      }),
    );
  });
});
