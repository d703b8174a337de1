import { parseColumnType } from "@mortise/sql";
import { describe, expect, it } from "vitest";
import { storedDefault } from "./stored-default.ts";

function read(typeText: string, expression: string | null, generated = false) {
  const { type } = parseColumnType(typeText);
  if (type === undefined) throw new Error(typeText);
  const column = { name: "a", type: typeText, labels: null, required: true, identity: false, comment: null };
  return storedDefault({ ...column, generated, default: expression }, type);
}

describe("a default of PostgreSQL's catalog", () => {
  it.each([
    ["R-056", "int32", "5", "5"],
    ["R-056, negative", "int32", "'-5'::integer", "-5"],
    ["R-056, small", "int8", "'7'::smallint", "7"],
    ["R-057", "float64", "'-1.5'::double precision", "-1.5"],
    ["R-057, written by hand", "float64", "(-1.5)", "-1.5"],
    ["R-058", "varchar(10)", "''::character varying", ""],
    ["R-060", "varchar(10)", "'it''s'::character varying", "it's"],
    ["a backslash", "varchar(10)", String.raw`E'a\\''b'::character varying`, String.raw`a\'b`],
    ["R-065", "enum('x','y')", `'x'::lab."enum_52102D8E"`, "x"],
    ["R-066", "bool", "true", "1"],
    ["R-066, false", "bool", "false", "0"],
    ["a date", "date", "'2024-02-29'::date", "2024-02-29"],
    ["a datetime", "datetime(3)", "'2024-01-02 03:04:05.1'::timestamp without time zone", "2024-01-02T03:04:05.100"],
    ["a decimal", "decimal(5,2)", "1.50", "1.50"],
  ])("%s: is the literal that was declared", (_id, type, expression, text) => {
    expect(read(type, expression)).toEqual({ kind: "literal", text });
  });

  it.each([
    ["R-063", "datetime", "CURRENT_TIMESTAMP"],
    ["R-064", "datetime(3)", "CURRENT_TIMESTAMP(3)"],
    ["two literals", "varchar(10)", "('a'::text || 'b'::text)"],
    ["two literals without parentheses", "varchar(10)", "'a'::text || 'b'::text"],
    ["a function", "uuid", "gen_random_uuid()"],
    ["a truth value that is none", "bool", "(1 = 1)"],
  ])("%s: is SQL as PostgreSQL prints it", (_id, type, text) => {
    expect(read(type, text)).toEqual({ kind: "sql", text });
  });

  it("is null where that is all it is", () => {
    expect(read("varchar(10)", "NULL::character varying")).toEqual({ kind: "null" });
    expect(read("varchar(10)", null)).toBeUndefined();
  });

  it("is the expression of a column that is computed, which no insert gives a value", () => {
    expect(read("int32", "5", true)).toEqual({ kind: "sql", text: "5" });
  });
});
