import type { ColumnSpec } from "@mortise/sql";
import { describe, expect, it } from "vitest";
import { column, table } from "../../../sql/src/testing/table.ts";
import { textsOf } from "../testing/text-of.ts";
import { postgresDialect } from "./dialect.ts";

/** The clause of the second column, its comment and what comes before the table. */
function declared(attribute: ColumnSpec): { clause: string; comment: string | undefined; types: readonly string[] } {
  const texts = textsOf(postgresDialect.createTable(table("t", [column("k", "int8"), attribute])));
  const position = texts.findIndex((text) => text.startsWith("CREATE TABLE"));
  const clause = texts[position]?.split("\n")[2]?.trim().replace(/,$/, "") ?? "";
  const prefix = 'COMMENT ON COLUMN "lab"."t"."a" IS ';
  const comment = texts.find((text) => text.startsWith(prefix))?.slice(prefix.length);
  return { clause, comment, types: texts.slice(0, position) };
}

const literal = (text: string): Partial<ColumnSpec> => ({ default: { kind: "literal", text } });
const now = (text: string): Partial<ColumnSpec> => ({ default: { kind: "sql", text } });
const nullable: Partial<ColumnSpec> = { nullable: true, default: { kind: "null" } };
const codec = (marker: string, type: string, extra: Partial<ColumnSpec> = {}): ColumnSpec =>
  column("a", type, { marker, ...extra });

/** The first 8 digits of the MD5 of `t.a`. */
const enumType = '"lab"."enum_35db5f5d"';

describe("a column on PostgreSQL", () => {
  it.each<[id: string, column: ColumnSpec, clause: string, comment: string | undefined]>([
    ["R-035", column("a", "int8"), '"a" smallint NOT NULL', "':int8:'"],
    ["R-036", column("a", "int16"), '"a" smallint NOT NULL', "':int16:'"],
    ["R-037", column("a", "int32"), '"a" integer NOT NULL', "':int32:'"],
    ["R-038", column("a", "int64"), '"a" bigint NOT NULL', "':int64:'"],
    ["R-039", column("a", "float32"), '"a" real NOT NULL', "':float32:'"],
    ["R-040", column("a", "float64"), '"a" double precision NOT NULL', "':float64:'"],
    ["R-041", column("a", "bool"), '"a" boolean NOT NULL', "':bool:'"],
    ["R-042", column("a", "uuid"), '"a" uuid NOT NULL', "':uuid:'"],
    ["R-043", column("a", "json"), '"a" jsonb NOT NULL', "':json:'"],
    ["R-044", column("a", "bytes"), '"a" bytea NOT NULL', "':bytes:'"],
    ["R-045", column("a", "date"), '"a" date NOT NULL', "':date:'"],
    ["R-046", column("a", "datetime"), '"a" timestamp NOT NULL', "':datetime:'"],
    ["R-047", column("a", "datetime(6)"), '"a" timestamp(6) NOT NULL', "':datetime(6):'"],
    ["R-048", column("a", "char(4)"), '"a" char(4) NOT NULL', "':char(4):'"],
    ["R-049", column("a", "varchar(255)"), '"a" varchar(255) NOT NULL', "':varchar(255):'"],
    ["R-050", column("a", "decimal(8,3)"), '"a" numeric(8,3) NOT NULL', "':decimal(8,3):'"],
    ["R-051", column("a", "decimal(20, 0)"), '"a" numeric(20, 0) NOT NULL', "':decimal(20, 0):'"],
    ["R-052", column("a", "enum('x','y')"), `"a" ${enumType} NOT NULL`, "':enum(''x'',''y''):'"],
    ["R-053", column("a", "enum('y','x')"), `"a" ${enumType} NOT NULL`, "':enum(''y'',''x''):'"],
    ["R-054", column("a", "int32", nullable), '"a" integer DEFAULT NULL', "':int32:'"],
    [
      "R-055",
      column("a", "varchar(20)", { ...nullable, comment: "optional" }),
      '"a" varchar(20) DEFAULT NULL',
      "':varchar(20):optional'",
    ],
    ["R-056", column("a", "int32", literal("5")), `"a" integer NOT NULL DEFAULT '5'`, "':int32:'"],
    ["R-057", column("a", "float64", literal("-1.5")), `"a" double precision NOT NULL DEFAULT '-1.5'`, "':float64:'"],
    ["R-058, R-059", column("a", "varchar(10)", literal("")), `"a" varchar(10) NOT NULL DEFAULT ''`, "':varchar(10):'"],
    [
      "R-060, R-061",
      column("a", "varchar(10)", literal("it's")),
      `"a" varchar(10) NOT NULL DEFAULT 'it''s'`,
      "':varchar(10):'",
    ],
    ["R-062", column("a", "varchar(10)", literal("abc")), `"a" varchar(10) NOT NULL DEFAULT 'abc'`, "':varchar(10):'"],
    [
      "R-063",
      column("a", "datetime", now("CURRENT_TIMESTAMP")),
      '"a" timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP',
      "':datetime:'",
    ],
    [
      "R-064",
      column("a", "datetime(3)", now("CURRENT_TIMESTAMP(3)")),
      '"a" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3)',
      "':datetime(3):'",
    ],
    [
      "R-065",
      column("a", "enum('x','y')", literal("x")),
      `"a" ${enumType} NOT NULL DEFAULT 'x'`,
      "':enum(''x'',''y''):'",
    ],
    ["R-066", column("a", "bool", literal("1")), `"a" boolean NOT NULL DEFAULT 'true'`, "':bool:'"],
    ["R-067", column("a", "int32", { comment: "first # second" }), '"a" integer NOT NULL', "':int32:first # second'"],
    ["R-068", column("a", "int32", { comment: "tight" }), '"a" integer NOT NULL', "':int32:tight'"],
    ["R-069", column("a", "int32", { comment: `it's a "test"` }), '"a" integer NOT NULL', `':int32:it''s a "test"'`],
    ["R-070", codec("<blob>", "bytes"), '"a" bytea NOT NULL', "':<blob>:'"],
    ["R-071", codec("<blob@>", "json"), '"a" jsonb NOT NULL', "':<blob@>:'"],
    ["R-072", codec("<blob@cold>", "json"), '"a" jsonb NOT NULL', "':<blob@cold>:'"],
    ["R-073", codec("<attach>", "bytes"), '"a" bytea NOT NULL', "':<attach>:'"],
    ["R-074", codec("<attach@cold>", "json"), '"a" jsonb NOT NULL', "':<attach@cold>:'"],
    ["R-075", codec("<hash@>", "json"), '"a" jsonb NOT NULL', "':<hash@>:'"],
    ["R-076", codec("<object@main>", "json"), '"a" jsonb NOT NULL', "':<object@main>:'"],
    ["R-077", codec("<npy@>", "json"), '"a" jsonb NOT NULL', "':<npy@>:'"],
    ["R-078", codec("<filepath@raw>", "json"), '"a" jsonb NOT NULL', "':<filepath@raw>:'"],
    [
      "R-079",
      codec("<blob@cold>", "json", { ...nullable, comment: "raw data" }),
      '"a" jsonb DEFAULT NULL',
      "':<blob@cold>:raw data'",
    ],
    ["R-080", column("a", "int"), '"a" int NOT NULL', undefined],
    ["R-081", column("a", "smallint unsigned"), '"a" smallint unsigned NOT NULL', undefined],
    ["R-082", column("a", "text"), '"a" text NOT NULL', undefined],
    ["R-083", column("a", "double"), '"a" double NOT NULL', undefined],
    ["R-084", column("a", "timestamp"), '"a" timestamp NOT NULL', undefined],
  ])("%s: has its clause and comment", (_id, attribute, clause, comment) => {
    expect(declared(attribute)).toMatchObject({ clause, comment });
  });

  it("R-052, R-053: has an enum type of its own, in the order written, and one that was left behind is dropped first", () => {
    expect(declared(column("a", "enum('y','it''s')")).types).toEqual([
      `DROP TYPE IF EXISTS ${enumType}`,
      `CREATE TYPE ${enumType} AS ENUM ('y', 'it''s')`,
    ]);
    expect(declared(column("b", "enum('y')")).types[1]).not.toContain(enumType);
  });

  it("keeps backslashes of defaults and comments, whatever the server takes them for", () => {
    const attribute = column("a", "varchar(10)", { ...literal("a\\'b"), comment: "c\\n" });
    expect(declared(attribute)).toMatchObject({
      clause: String.raw`"a" varchar(10) NOT NULL DEFAULT E'a\\''b'`,
      comment: String.raw`E':varchar(10):c\\n'`,
    });
  });

  it("gives the default in the form in which values are stored", () => {
    expect(declared(column("a", "datetime", literal("2024-01-02 03:04:05+05:00"))).clause).toBe(
      `"a" timestamp NOT NULL DEFAULT '2024-01-01T22:04:05'`,
    );
    expect(declared(column("a", "decimal(5,2)", literal("1.5"))).clause).toBe(
      `"a" numeric(5,2) NOT NULL DEFAULT '1.50'`,
    );
  });

  it.each<[string, ColumnSpec, string]>([
    ["R-107", column("a", "bool", literal("true")), "a: the default of a bool is 1 or 0"],
    ["R-108", column("a", "datetime(3)", now("CURRENT_TIMESTAMP")), "a: CURRENT_TIMESTAMP has 0 digits"],
    ["R-104", column("a", "bytes", literal("x")), "a: the default of bytes can only be null"],
    ["a long enum value", column("a", `enum('${"x".repeat(64)}')`), "a: the value"],
    ["a long name", column("a".repeat(64), "int8"), "is no name of PostgreSQL's"],
  ])("%s: is refused", (_id, attribute, message) => {
    expect(() => declared(attribute)).toThrow(message);
  });
});
