import { acceptValue, type ColumnType, parseColumnType } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compiled } from "../testing/statement-text.ts";
import { mysqlDialect } from "./dialect.ts";

function typeOf(text: string): ColumnType {
  const { type } = parseColumnType(text);
  if (type === undefined) throw new Error(text);
  return type;
}

const uuid = "01234567-89ab-cdef-0123-456789abcdef";
const uuidBytes = new Uint8Array(Buffer.from(uuid.replaceAll("-", ""), "hex"));

describe("values on their way to MySQL and back", () => {
  it.each<[id: string, type: string, value: unknown, bound: unknown, raw: unknown, read: unknown]>([
    ["R-297", "int32", 5, 5, 5, 5],
    ["R-301", "int64", 4611686018427387904n, 4611686018427387904n, 4611686018427387904n, 4611686018427387904n],
    ["R-303", "float32", 0.5, 0.5, 0.5, 0.5],
    ["R-306", "float64", 2.25, 2.25, 2.25, 2.25],
    ["R-309", "bool", true, 1, 1, true],
    ["R-310", "bool", 0, 0, 0n, false],
    ["R-312", "decimal(8,2)", "12.34", "12.34", "12.34", "12.34"],
    ["R-314", "uuid", uuid, uuidBytes, uuidBytes, uuid],
    ["R-317", "date", "2024-02-29", "2024-02-29", "2024-02-29", "2024-02-29"],
    [
      "R-320",
      "datetime(6)",
      "2024-01-02T03:04:05.123456",
      "2024-01-02 03:04:05.123456",
      "2024-01-02 03:04:05.123456",
      "2024-01-02T03:04:05.123456",
    ],
    [
      "R-321",
      "datetime",
      "2024-01-02T03:04:05+05:00",
      "2024-01-01 22:04:05",
      "2024-01-01 22:04:05",
      "2024-01-01T22:04:05",
    ],
    ["R-322", "char(4)", "ab", "ab", "ab", "ab"],
    ["R-323", "varchar(20)", "it's \\ 100% é😀", "it's \\ 100% é😀", "it's \\ 100% é😀", "it's \\ 100% é😀"],
    ["R-325", "enum('x','y')", "y", "y", "y", "y"],
    ["R-327", "json", { k: [1, null, "é"] }, '{"k":[1,null,"é"]}', '{"k": [1, null, "é"]}', { k: [1, null, "é"] }],
    ["R-329", "json", "abc", '"abc"', '"abc"', "abc"],
    ["R-330", "json", "123", '"123"', '"123"', "123"],
    [
      "R-333",
      "bytes",
      new Uint8Array([0, 255]),
      new Uint8Array([0, 255]),
      new Uint8Array([0, 255]),
      new Uint8Array([0, 255]),
    ],
  ])("%s: %s", (_id, text, value, bound, raw, read) => {
    const type = typeOf(text);
    const sent = mysqlDialect.toDatabase(type, acceptValue(type, value, mysqlDialect.traits));
    expect(sent).toEqual(bound);
    expect(mysqlDialect.fromDatabase(type, raw)).toEqual(read);
  });

  it.each([
    ["R-305", "float32", Number.NaN],
    ["R-307", "float64", Number.NaN],
    ["R-308", "float64", Number.POSITIVE_INFINITY],
  ])("%s: refuses for %s what MySQL has not: %s", (_id, text, value) => {
    expect(() => acceptValue(typeOf(text), value, mysqlDialect.traits)).toThrow(/has no/);
  });

  it.each([
    ["datetime(3)", "2024-01-02 03:04:05", "2024-01-02T03:04:05.000"],
    ["datetime(3)", "2024-01-02 03:04:05.120000", "2024-01-02T03:04:05.120"],
    ["datetime", "2024-01-02 03:04:05", "2024-01-02T03:04:05"],
    ["timestamp(1)", "2024-01-02 03:04:05.5", "2024-01-02T03:04:05.5"],
    ["timestamp", "2024-01-02 03:04:05", "2024-01-02T03:04:05"],
  ])("reads %s %s with the digits of its column", (text, raw, expected) => {
    expect(mysqlDialect.fromDatabase(typeOf(text), raw)).toBe(expected);
  });

  it("keeps the bytes of every uuid in RFC 4122's order", () => {
    fc.assert(
      fc.property(fc.uuid(), (text) => {
        const bytes = mysqlDialect.toDatabase(typeOf("uuid"), text) as Uint8Array;
        expect(Buffer.from(bytes).toString("hex")).toBe(text.replaceAll("-", ""));
        // Keys are compared as text of these: a Buffer's would not tell all of them apart.
        expect(String(bytes)).toBe([...bytes].join(","));
        expect(mysqlDialect.fromDatabase(typeOf("uuid"), bytes)).toBe(text);
      }),
    );
  });

  it("reads integers of 64 bits as bigint and others as numbers, however they were delivered", () => {
    expect(mysqlDialect.fromDatabase(typeOf("int64"), 5)).toBe(5n);
    expect(mysqlDialect.fromDatabase(typeOf("int unsigned"), 5n)).toBe(5);
    expect(mysqlDialect.fromDatabase(typeOf("year"), 2024n)).toBe(2024);
  });
});

describe("fragments", () => {
  const column = sql.id("j");

  it("quotes paths into JSON, whatever their names are", () => {
    const { text, values } = compiled(mysqlDialect.jsonPath(column, ["a", 0, `b'"\\ c`]));
    expect(values).toEqual([]);
    expect(text).toContain(String.raw`JSON_EXTRACT(${"`j`"}, '$.a[0]."b''\\"\\\\ c"')`);
  });

  it.each([
    [undefined, /^CASE WHEN JSON_TYPE\(.*\) <> 'NULL' THEN JSON_UNQUOTE\(.*\) END$/],
    ["number", /IN \('INTEGER', .*\) THEN .* \+ 0e0 END$/],
    ["boolean", /= 'BOOLEAN' THEN .* = 'true' END$/],
  ] as const)("reads the scalar at a path as %s", (as, text) => {
    expect(compiled(mysqlDialect.jsonPath(column, ["a"], as)).text).toMatch(text);
  });

  it("compares decimals as decimals: MariaDB reads a list of texts as floating-point numbers", () => {
    const bound = (value: unknown) => compiled(mysqlDialect.bound?.(typeOf("decimal(30,10)"), value) ?? sql``);
    expect(bound("-12345678901234567890.0123456789")).toEqual({
      text: "CAST(? AS DECIMAL(30,10))",
      values: ["-12345678901234567890.0123456789"],
    });
    expect(bound("5").text).toBe("CAST(? AS DECIMAL(1,0))");
    expect(compiled(mysqlDialect.bound?.(typeOf("int64"), 5n) ?? sql``)).toEqual({ text: "?", values: [5n] });
    expect(compiled(mysqlDialect.bound?.(undefined, "5") ?? sql``).text).toBe("?");
  });

  it("fetches dates as text, which the driver reads faster, and everything else as it is", () => {
    const selected = (type: string) => compiled(mysqlDialect.selected?.(typeOf(type), column) ?? sql``).text;
    expect(["date", "datetime(3)", "timestamp"].map(selected)).toEqual(Array(3).fill("CAST(`j` AS CHAR)"));
    expect(["int32", "varchar(9)", "year", "time"].map(selected)).toEqual(Array(4).fill("`j`"));
  });

  it("orders enums as it compares them: as text", () => {
    expect(compiled(mysqlDialect.comparable(typeOf("enum('b','a')"), column)).text).toBe("CAST(`j` AS CHAR)");
    expect(compiled(mysqlDialect.comparable(typeOf("decimal(5,2)"), column)).text).toBe("`j`");
  });
});
