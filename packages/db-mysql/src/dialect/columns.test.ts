import type { ColumnDefault, ColumnSpec } from "@mortise/sql";
import { describe, expect, it } from "vitest";
import { column, table } from "../../../sql/src/testing/table.ts";
import { textOf } from "../testing/statement-text.ts";
import { mysqlDialect } from "./dialect.ts";

type Case = [id: string, type: string, clause: string, more?: Partial<ColumnSpec>];

const nothing: Partial<ColumnSpec> = { nullable: true, default: { kind: "null" } };
const is = (text: string): Partial<ColumnSpec> => ({ default: { kind: "literal", text } });
const sql = (text: string): Partial<ColumnSpec> => ({ default: { kind: "sql", text } });
const says = (comment: string): Partial<ColumnSpec> => ({ comment });
const codec = (marker: string): Partial<ColumnSpec> => ({ marker });

/** The clause of a column `a` in a table whose key is `k`. */
function clauseOf(type: string, more: Partial<ColumnSpec> = {}): string | undefined {
  const spec = table("t", [column("k", "int8"), column("a", type, more)]);
  const [create] = mysqlDialect.createTable(spec);
  return textOf(create)
    .split("\n")
    .find((line) => line.startsWith("  `a` "))
    ?.slice(2)
    .replace(/,$/, "");
}

const cases: readonly Case[] = [
  ["R-035", "int8", "`a` tinyint NOT NULL COMMENT ':int8:'"],
  ["R-036", "int16", "`a` smallint NOT NULL COMMENT ':int16:'"],
  ["R-037", "int32", "`a` int NOT NULL COMMENT ':int32:'"],
  ["R-038", "int64", "`a` bigint NOT NULL COMMENT ':int64:'"],
  ["R-039", "float32", "`a` float NOT NULL COMMENT ':float32:'"],
  ["R-040", "float64", "`a` double NOT NULL COMMENT ':float64:'"],
  ["R-041", "bool", "`a` tinyint NOT NULL COMMENT ':bool:'"],
  ["R-042", "uuid", "`a` binary(16) NOT NULL COMMENT ':uuid:'"],
  ["R-043", "json", "`a` json NOT NULL COMMENT ':json:'"],
  ["R-044", "bytes", "`a` longblob NOT NULL COMMENT ':bytes:'"],
  ["R-045", "date", "`a` date NOT NULL COMMENT ':date:'"],
  ["R-046", "datetime", "`a` datetime NOT NULL COMMENT ':datetime:'"],
  ["R-047", "datetime(6)", "`a` datetime(6) NOT NULL COMMENT ':datetime(6):'"],
  ["R-048", "char(4)", "`a` char(4) NOT NULL COMMENT ':char(4):'"],
  ["R-049", "varchar(255)", "`a` varchar(255) NOT NULL COMMENT ':varchar(255):'"],
  ["R-050", "decimal(8,3)", "`a` decimal(8,3) NOT NULL COMMENT ':decimal(8,3):'"],
  ["R-051", "decimal(20, 0)", "`a` decimal(20,0) NOT NULL COMMENT ':decimal(20, 0):'"],
  ["R-052", "enum('x','y')", "`a` enum('x','y') NOT NULL COMMENT ':enum(''x'',''y''):'"],
  ["R-053", "enum('y','x')", "`a` enum('y','x') NOT NULL COMMENT ':enum(''y'',''x''):'"],
  ["R-054", "int32", "`a` int DEFAULT NULL COMMENT ':int32:'", nothing],
  [
    "R-055",
    "varchar(20)",
    "`a` varchar(20) DEFAULT NULL COMMENT ':varchar(20):optional'",
    { ...nothing, ...says("optional") },
  ],
  ["R-056", "int32", "`a` int NOT NULL DEFAULT '5' COMMENT ':int32:'", is("5")],
  ["R-057", "float64", "`a` double NOT NULL DEFAULT '-1.5' COMMENT ':float64:'", is("-1.5")],
  ["R-058", "varchar(10)", "`a` varchar(10) NOT NULL DEFAULT '' COMMENT ':varchar(10):'", is("")],
  ["R-059", "varchar(10)", "`a` varchar(10) NOT NULL DEFAULT '' COMMENT ':varchar(10):'", is("")],
  ["R-060", "varchar(10)", "`a` varchar(10) NOT NULL DEFAULT 'it''s' COMMENT ':varchar(10):'", is("it's")],
  ["R-061", "varchar(10)", "`a` varchar(10) NOT NULL DEFAULT 'it''s' COMMENT ':varchar(10):'", is("it's")],
  ["R-062", "varchar(10)", "`a` varchar(10) NOT NULL DEFAULT 'abc' COMMENT ':varchar(10):'", is("abc")],
  [
    "R-063",
    "datetime",
    "`a` datetime NOT NULL DEFAULT CURRENT_TIMESTAMP COMMENT ':datetime:'",
    sql("CURRENT_TIMESTAMP"),
  ],
  [
    "R-064",
    "datetime(3)",
    "`a` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) COMMENT ':datetime(3):'",
    sql("CURRENT_TIMESTAMP(3)"),
  ],
  ["R-065", "enum('x','y')", "`a` enum('x','y') NOT NULL DEFAULT 'x' COMMENT ':enum(''x'',''y''):'", is("x")],
  ["R-066", "bool", "`a` tinyint NOT NULL DEFAULT '1' COMMENT ':bool:'", is("1")],
  ["R-067", "int32", "`a` int NOT NULL COMMENT ':int32:first # second'", says("first # second")],
  ["R-068", "int32", "`a` int NOT NULL COMMENT ':int32:tight'", says("tight")],
  ["R-069", "int32", "`a` int NOT NULL COMMENT ':int32:it''s a \"test\"'", says('it\'s a "test"')],
  ["R-070", "bytes", "`a` longblob NOT NULL COMMENT ':<blob>:'", codec("<blob>")],
  ["R-071", "json", "`a` json NOT NULL COMMENT ':<blob@>:'", codec("<blob@>")],
  ["R-072", "json", "`a` json NOT NULL COMMENT ':<blob@cold>:'", codec("<blob@cold>")],
  ["R-073", "bytes", "`a` longblob NOT NULL COMMENT ':<attach>:'", codec("<attach>")],
  ["R-074", "json", "`a` json NOT NULL COMMENT ':<attach@cold>:'", codec("<attach@cold>")],
  ["R-075", "json", "`a` json NOT NULL COMMENT ':<hash@>:'", codec("<hash@>")],
  ["R-076", "json", "`a` json NOT NULL COMMENT ':<object@main>:'", codec("<object@main>")],
  ["R-077", "json", "`a` json NOT NULL COMMENT ':<npy@>:'", codec("<npy@>")],
  ["R-078", "json", "`a` json NOT NULL COMMENT ':<filepath@raw>:'", codec("<filepath@raw>")],
  [
    "R-079",
    "json",
    "`a` json DEFAULT NULL COMMENT ':<blob@cold>:raw data'",
    { ...nothing, marker: "<blob@cold>", comment: "raw data" },
  ],
  ["R-080", "int", "`a` int NOT NULL"],
  ["R-081", "smallint unsigned", "`a` smallint unsigned NOT NULL"],
  ["R-082", "text", "`a` text NOT NULL"],
  ["R-083", "double", "`a` double NOT NULL"],
  ["R-084", "timestamp", "`a` timestamp NOT NULL"],
];

describe("a column of CREATE TABLE", () => {
  it.each(cases)("%s: %s is `%s`", (_id, type, clause, more) => {
    expect(clauseOf(type, more)).toBe(clause);
  });

  it.each([
    ["R-109", "{x}"],
    ["R-110", "100%"],
    ["R-424", 'id of "x"'],
  ])("%s: keeps the comment %s as it is", (_id, comment) => {
    expect(clauseOf("int32", { comment })).toBe(`\`a\` int NOT NULL COMMENT ':int32:${comment}'`);
  });

  it("doubles backslashes and quotes, so that no comment ends its literal", () => {
    expect(clauseOf("int8", { comment: String.raw`\'); DROP TABLE x; -- ` })).toBe(
      String.raw`${"`a`"} tinyint NOT NULL COMMENT ':int8:\\''); DROP TABLE x; -- '`,
    );
  });

  it("writes bytes as an expression, which the catalog does not cut at a zero", () => {
    expect(clauseOf("uuid", is("00112233-4455-6677-8899-AABBCCDDEEFF"))).toBe(
      "`a` binary(16) NOT NULL DEFAULT (unhex('00112233445566778899aabbccddeeff')) COMMENT ':uuid:'",
    );
  });

  it("writes other expressions in parentheses, as MySQL wants them", () => {
    expect(clauseOf("int", sql("1 + 1"))).toBe("`a` int NOT NULL DEFAULT (1 + 1)");
  });

  it("writes datetimes as MySQL prints them", () => {
    expect(clauseOf("datetime(3)", is("2024-01-02T03:04:05.5"))).toContain("DEFAULT '2024-01-02 03:04:05.500'");
  });

  it("says that a timestamp is nullable, because old settings take it for required", () => {
    expect(clauseOf("timestamp", { nullable: true })).toBe("`a` timestamp NULL");
  });

  it.each<[string, string, Partial<ColumnSpec>]>([
    ["a comment longer than 1024 characters with its marker", "int32", says("x".repeat(1018))],
    ["a line break in a comment", "int32", says("a\nb")],
    ["a NUL in a comment", "int32", says("a\0b")],
    ["an emoji in a comment, which MySQL would keep as ?", "int32", says("😀")],
    ["an emoji in an enum, whose values stand in the comment", "enum('😀')", {}],
  ])("refuses %s", (_what, type, more) => {
    expect(() => clauseOf(type, more)).toThrow(expect.objectContaining({ code: "invalid-comment" }) as Error);
  });

  it("takes a comment of 1024 characters with its marker, however many bytes they are", () => {
    expect(clauseOf("int32", says("é".repeat(1017)))).toContain("éé'");
  });

  it.each<[string, string, ColumnDefault]>([
    ["text for a number", "int32", { kind: "literal", text: "abc" }],
    ["digits that the column has not", "datetime(3)", { kind: "sql", text: "CURRENT_TIMESTAMP" }],
    ["an emoji, which MySQL's catalog shows as ?", "varchar(9)", { kind: "literal", text: "😀" }],
  ])("refuses the default: %s", (_what, type, value) => {
    expect(() => clauseOf(type, { default: value })).toThrow(
      expect.objectContaining({ code: "invalid-default" }) as Error,
    );
  });
});
