import { acceptValue, type ColumnType, parseColumnType } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { compiled } from "../testing/text-of.ts";
import { postgresDialect } from "./dialect.ts";

const dialect = postgresDialect;

function type(text: string): ColumnType {
  return parseColumnType(text).type ?? { kind: "native", name: text.split(" ", 1)[0] ?? text, text };
}

const uuid = "01234567-89ab-cdef-0123-456789abcdef";

describe("values on PostgreSQL", () => {
  it.each<[id: string, type: string, given: unknown, bound: unknown, delivered: unknown, fetched: unknown]>([
    ["R-297", "int32", 5, 5, 5, 5],
    ["R-301", "int64", 4611686018427387904n, 4611686018427387904n, 4611686018427387904n, 4611686018427387904n],
    ["R-301, small", "int64", 5, 5n, 5, 5n],
    ["R-303", "float32", 0.5, 0.5, 0.5, 0.5],
    ["R-304", "float32", 0.123456789, Math.fround(0.123456789), 0.12345679, Math.fround(0.123456789)],
    ["R-305, R-307", "float64", Number.NaN, Number.NaN, Number.NaN, Number.NaN],
    ["R-308", "float64", -Infinity, -Infinity, -Infinity, -Infinity],
    ["the negative zero", "float64", -0, "-0", -0, -0],
    ["R-309", "bool", true, true, true, true],
    ["R-310", "bool", 0, false, false, false],
    ["R-312", "decimal(8,2)", "12.34", "12.34", "12.34", "12.34"],
    ["R-313", "decimal(8,2)", 0.1, "0.10", "0.10", "0.10"],
    ["R-314, R-315", "uuid", uuid.toUpperCase(), uuid, uuid, uuid],
    ["R-317", "date", new Date(Date.UTC(2024, 1, 29)), "2024-02-29", "2024-02-29", "2024-02-29"],
    ["R-319", "datetime", "2024-01-02 03:04:05.0", "2024-01-02T03:04:05", "2024-01-02 03:04:05", "2024-01-02T03:04:05"],
    [
      "R-320",
      "datetime(6)",
      "2024-01-02T03:04:05.123400",
      "2024-01-02T03:04:05.123400",
      "2024-01-02 03:04:05.1234",
      "2024-01-02T03:04:05.123400",
    ],
    [
      "R-321",
      "datetime(3)",
      "2024-01-02 03:04:05+05:00",
      "2024-01-01T22:04:05.000",
      "2024-01-01 22:04:05",
      "2024-01-01T22:04:05.000",
    ],
    ["R-322", "char(4)", "ab", "ab", "ab", "ab"],
    ["R-323", "varchar(20)", "it's \\ 100% é😀", "it's \\ 100% é😀", "it's \\ 100% é😀", "it's \\ 100% é😀"],
    ["R-327", "json", { k: [1, null, "é"] }, '{"k":[1,null,"é"]}', '{"k": [1, null, "é"]}', { k: [1, null, "é"] }],
    ["R-329", "json", "abc", '"abc"', '"abc"', "abc"],
    ["R-330", "json", "123", '"123"', '"123"', "123"],
    ["R-333", "bytes", Uint8Array.of(0, 255), Uint8Array.of(0, 255), Uint8Array.of(0, 255), Uint8Array.of(0, 255)],
    ["a native integer", "bigint", 7n, 7n, 7, 7n],
    ["a native number of single precision", "real", 0.5, 0.5, 0.1, Math.fround(0.1)],
    [
      "a native timestamp",
      "timestamp(3)",
      new Date(1),
      "1970-01-01T00:00:00.001",
      "1970-01-01 00:00:00.001",
      "1970-01-01T00:00:00.001",
    ],
    ["a type of the server alone", "int4range", "[1,5)", "[1,5)", "[1,5)", "[1,5)"],
  ])("%s: %s", (_id, text, given, expected, delivered, fetched) => {
    const columnType = type(text);
    expect(dialect.toDatabase(columnType, acceptValue(columnType, given, dialect.traits))).toEqual(expected);
    expect(dialect.fromDatabase(columnType, delivered)).toEqual(fetched);
  });

  it.each([
    ["2024-01-02 03:04:05.5", "2024-01-02T03:04:05.5"],
    ["infinity", "infinity"],
    ["0044-03-15 12:00:00 BC", "0044-03-15 12:00:00 BC"],
    ["12024-01-02 03:04:05", "12024-01-02 03:04:05"],
  ])("shows %s, which others may store in a bare datetime, without loss", (raw, shown) => {
    expect(dialect.fromDatabase(type("datetime"), raw)).toBe(shown);
  });

  it.each([
    ["R-176", undefined, `jsonb_extract_path_text(CAST("meta" AS jsonb), 'b', '0', 'it''s')`],
    ["R-178", "text", `jsonb_extract_path_text(CAST("meta" AS jsonb), 'b', '0', 'it''s')`],
  ] as const)("%s: reads a path of a json column as text", (_id, as, text) => {
    expect(compiled(dialect.jsonPath(sql.id("meta"), ["b", 0, "it's"], as))).toEqual({ text, values: [] });
  });

  it("R-177: reads a number at a path only where there is one", () => {
    expect(compiled(dialect.jsonPath(sql.id("meta"), ["a"], "number")).text).toBe(
      `CASE WHEN jsonb_typeof(jsonb_extract_path(CAST("meta" AS jsonb), 'a')) = 'number' ` +
        `THEN CAST(jsonb_extract_path_text(CAST("meta" AS jsonb), 'a') AS numeric) END`,
    );
  });

  it("compares enums as the text that they are everywhere", () => {
    expect(compiled(dialect.comparable(type("enum('a','b')"), sql.id("e"))).text).toBe('CAST("e" AS text)');
    expect(compiled(dialect.comparable(type("int32"), sql.id("n"))).text).toBe('"n"');
  });

  it("tells the server the type of a fraction that stands in SQL of the user's", () => {
    const bind = (columnType: ColumnType | undefined, value: unknown): string =>
      compiled(dialect.bound?.(columnType, value)).text;
    expect(bind(undefined, 0.5)).toBe("CAST($1 AS double precision)");
    expect([bind(undefined, 5), bind(undefined, "x"), bind(type("float64"), 0.5)]).toEqual(["$1", "$1", "$1"]);
  });
});
