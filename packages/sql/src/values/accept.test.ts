import { describe, expect, it } from "vitest";
import { parseColumnType } from "../types/parse.ts";
import { acceptValue, type ValueTraits } from "./accept.ts";

/** As MySQL and SQLite have them, and PostgreSQL. */
const plain: ValueTraits = { nan: false, infinity: false };
const postgres: ValueTraits = { nan: true, infinity: true };

function accept(text: string, value: unknown, traits = plain): unknown {
  const { type } = parseColumnType(text);
  if (type === undefined) throw new Error(text);
  return acceptValue(type, value, traits);
}

const uuid = "01234567-89ab-cdef-0123-456789abcdef";

describe("acceptValue", () => {
  it.each([
    ["R-297", "int32", 5, 5],
    ["R-301", "int64", 4611686018427387904n, 4611686018427387904n],
    ["R-303", "float32", 0.5, 0.5],
    ["R-304", "float32", 0.123456789, Math.fround(0.123456789)],
    ["R-306", "float64", 2.25, 2.25],
    ["R-309", "bool", true, true],
    ["R-310", "bool", 0, false],
    ["R-312", "decimal(8,2)", "12.34", "12.34"],
    ["R-313", "decimal(8,2)", 0.1, "0.10"],
    ["R-314", "uuid", uuid.toUpperCase(), uuid],
    ["R-315", "uuid", uuid, uuid],
    ["R-317", "date", new Date(Date.UTC(2024, 1, 29)), "2024-02-29"],
    ["R-318", "date", "2024-02-29", "2024-02-29"],
    ["R-320", "datetime(6)", "2024-01-02 03:04:05.123456", "2024-01-02T03:04:05.123456"],
    ["R-321", "datetime", "2024-01-02 03:04:05+05:00", "2024-01-01T22:04:05"],
    ["R-322", "char(4)", "ab", "ab"],
    ["R-323", "varchar(20)", "it's \\ 100% é😀", "it's \\ 100% é😀"],
    ["R-324", "varchar(20)", "", ""],
    ["R-325", "enum('x','y')", "y", "y"],
    ["R-327", "json", { k: [1, null, "é"] }, { k: [1, null, "é"] }],
    ["R-328", "json", [1, 2], [1, 2]],
    ["R-329", "json", "abc", "abc"],
    ["R-330", "json", "123", "123"],
    ["R-331", "json", 1.0, 1],
    ["R-333", "bytes", Uint8Array.of(0, 255), Uint8Array.of(0, 255)],
  ])("%s: %s takes a value in its normal form", (_id, type, value, expected) => {
    expect(accept(type, value)).toEqual(expected);
  });

  it.each([
    ["R-298", "int32", "7", "wrong-type", 'int32 expects an integer, got "7"'],
    ["R-299", "int32", true, "wrong-type", "int32 expects an integer, got true"],
    ["R-300", "int32", "", "wrong-type", 'int32 expects an integer, got ""'],
    ["R-302", "int8", 200, "out-of-range", "int8 holds -128 to 127, got 200"],
    ["R-305", "float32", Number.NaN, "nan", "float32: this database has no NaN"],
    ["R-307", "float64", Number.NaN, "nan", "float64: this database has no NaN"],
    ["R-308", "float64", Infinity, "infinity", "float64: this database has no infinity, got Infinity"],
    ["R-311", "bool", 2, "wrong-type", "bool expects true, false, 1 or 0, got 2"],
    ["R-316", "uuid", "zz", "malformed", 'not a uuid: "zz"'],
    [
      "R-319",
      "datetime",
      "2024-01-02 03:04:05.999999",
      "too-many-digits",
      "datetime has no digits after the seconds, got 2024-01-02T03:04:05.999999",
    ],
    ["R-326", "enum('x','y')", "z", "not-in-enum", 'expected one of "x", "y", got "z"'],
    ["R-332", "json", Number.NaN, "not-json", "json at $: JSON has no NaN"],
    ["R-334", "bytes", "ab", "wrong-type", 'bytes expects a Uint8Array, got "ab"'],
    ["R-335", "int32", null, "wrong-type", "int32 got null"],
    ["R-336", "json", null, "wrong-type", "json got null"],
  ])("%s: %s refuses %j before anything is sent", (_id, type, value, code, message) => {
    expect(() => accept(type, value)).toThrow(expect.objectContaining({ code, message }) as Error);
  });

  it("R-305, R-307, R-308: takes NaN and infinity where the database stores them", () => {
    expect(accept("float32", Number.NaN, postgres)).toBeNaN();
    expect(accept("float64", Number.NaN, postgres)).toBeNaN();
    expect(accept("float64", -Infinity, postgres)).toBe(-Infinity);
  });

  it("refuses undefined: a value must never vanish", () => {
    expect(() => accept("int32", undefined)).toThrow("int32 got undefined");
  });

  it("says where a refused value stands", () => {
    const { type } = parseColumnType("int8");
    if (type === undefined) throw new Error("int8");
    const site = { schema: "lab", table: "Session", attribute: "rig", row: 3 };
    expect(() => acceptValue(type, 300, plain, site)).toThrow(
      expect.objectContaining({ message: "lab.Session.rig, row 3: int8 holds -128 to 127, got 300", site }) as Error,
    );
  });

  it.each([
    ["numeric(5,2)", "1.50", "1.005"],
    ["numeric(5)", "7.0", "7.5"],
    ["decimal(5,2) unsigned", "1.5", 1.005],
    ["time", "10:11:12.0", "10:11:12.7"],
    ["time(2)", "10:11:12.55", "10:11:12.555"],
    ["year", 1970, 70],
    ["binary(2)", new Uint8Array([1, 0]), new Uint8Array([1])],
  ])("refuses what a database would change without a word: %s", (text, kept, changed) => {
    const type = { kind: "native", name: text.split(/\W/, 1)[0] ?? "", text } as const;
    expect(acceptValue(type, kept, plain)).toEqual(kept);
    expect(() => acceptValue(type, changed, plain)).toThrow(/digits|holds/);
  });

  it("takes as many digits of a time as PostgreSQL keeps", () => {
    const time = { kind: "native", name: "time", text: "time" } as const;
    expect(acceptValue(time, "10:11:12.123456", postgres)).toBe("10:11:12.123456");
    expect(() => acceptValue(time, "10:11:12.1234567", postgres)).toThrow("6 digits");
  });

  it("checks the kind of value of native columns", () => {
    expect(accept("int", 5n)).toBe(5);
    expect(accept("bigint", 5)).toBe(5n);
    expect(accept("year", 2024)).toBe(2024);
    expect(accept("double", 0.5)).toBe(0.5);
    expect(accept("numeric(5,2)", 1.5)).toBe("1.5");
    expect(accept("text", "long")).toBe("long");
    expect(accept("time", "12:00:00")).toBe("12:00:00");
    expect(accept("longblob", Uint8Array.of(1))).toEqual(Uint8Array.of(1));
    expect(accept("timestamp(3)", new Date(0))).toBe("1970-01-01T00:00:00.000");
    expect(() => accept("smallint", 1.5)).toThrow("expects an integer");
    expect(() => accept("numeric(5,2)", "x")).toThrow("decimal number");
  });
});
