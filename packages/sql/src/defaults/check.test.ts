import { describe, expect, it } from "vitest";
import type { ColumnType } from "../types/column-type.ts";
import { parseColumnType } from "../types/parse.ts";
import { currentTimestampDigits, defaultProblem, literalDefault } from "./check.ts";

function type(text: string): ColumnType {
  const parsed = parseColumnType(text).type;
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

describe("literalDefault", () => {
  it.each([
    ["R-056", "int32", "5", 5],
    ["R-057", "float64", "-1.5", -1.5],
    ["R-058", "varchar(10)", "", ""],
    ["R-060", "varchar(10)", "it's", "it's"],
    ["R-062", "varchar(10)", "abc", "abc"],
    ["R-065", "enum('x','y')", "x", "x"],
    ["R-066", "bool", "1", true],
  ])("%s: reads the default of %s", (_id, text, literal, expected) => {
    expect(literalDefault(type(text), literal)).toBe(expected);
  });

  it.each([
    ["R-107", "bool", "true", "1 or 0"],
    ["int32 with text", "int32", "abc", "not a number"],
    ["int8 out of range", "int8", "300", "holds"],
    ["int32 with a fraction", "int32", "1.5", "not a number"],
    ["float64 with text", "float64", "", "not a number"],
    ["json", "json", "{}", "only be null"],
    ["bytes", "bytes", "x", "only be null"],
    ["a native blob", "longblob", "x", "only be null"],
    ["an enum without the value", "enum('x')", "z", "expected one of"],
  ])("%s: refuses the default", (_id, text, literal, message) => {
    expect(() => literalDefault(type(text), literal)).toThrow(message);
    expect(defaultProblem(type(text), { kind: "literal", text: literal })?.message).toContain(message);
  });

  it("shows an integer as it was written", () => {
    expect(() => literalDefault(type("int8"), "300")).not.toThrow("300n");
    expect(() => literalDefault(type("int8"), "300")).toThrow("300");
  });

  it("reads all digits of an int64", () => {
    expect(literalDefault(type("int64"), "-9223372036854775808")).toBe(-(2n ** 63n));
  });
});

describe("defaultProblem", () => {
  it.each([
    ["R-054", "int32", { kind: "null" }],
    ["R-063", "datetime", { kind: "sql", text: "CURRENT_TIMESTAMP" }],
    ["R-064", "datetime(3)", { kind: "sql", text: "CURRENT_TIMESTAMP(3)" }],
    ["timestamp", "timestamp", { kind: "sql", text: "current_timestamp" }],
    ["an expression", "bool", { kind: "sql", text: "TRUE" }],
  ] as const)("%s: finds nothing wrong", (_id, text, value) => {
    expect(defaultProblem(type(text), value)).toBeUndefined();
  });

  it("R-108: wants the digits of the column", () => {
    expect(defaultProblem(type("datetime(3)"), { kind: "sql", text: "CURRENT_TIMESTAMP" })).toEqual({
      message: "CURRENT_TIMESTAMP has 0 digits after the seconds, datetime(3) has 3",
      hint: "write CURRENT_TIMESTAMP(3)",
    });
  });

  it("knows that only datetimes have a current time", () => {
    expect(defaultProblem(type("date"), { kind: "sql", text: "CURRENT_TIMESTAMP" })?.message).toContain("no default");
  });

  it("reads the digits of CURRENT_TIMESTAMP", () => {
    expect(
      ["CURRENT_TIMESTAMP", "current_timestamp ( 6 )", "CURRENT_TIMESTAMP()", "now()"].map(currentTimestampDigits),
    ).toEqual([0, 6, 0, undefined]);
  });
});
