import { describe, expect, it } from "vitest";
import { backend } from "../../test/database/provided.ts";
import { openTestProject } from "../project/testing.ts";

type Stored = readonly [id: string, type: string, given: unknown, fetched: unknown];
type Refused = readonly [id: string, type: string, given: unknown, code: string];

const stored: readonly Stored[] = [
  ["R-297", "int32", 5, 5],
  ["R-301", "int64", 4611686018427387904n, 4611686018427387904n],
  ["R-303", "float32", 0.5, 0.5],
  ["R-304", "float32", 0.123456789, Math.fround(0.123456789)],
  ["R-306", "float64", 2.25, 2.25],
  ["R-309", "bool", true, true],
  ["R-310", "bool", 0, false],
  ["R-312", "decimal(8,2)", "12.34", "12.34"],
  ["R-313", "decimal(8,2)", 0.1, "0.10"],
  ["R-314", "uuid", "0123456789ABCDEF0123456789abcdef", "01234567-89ab-cdef-0123-456789abcdef"],
  ["R-315", "uuid", "01234567-89ab-cdef-0123-456789abcdef", "01234567-89ab-cdef-0123-456789abcdef"],
  ["R-317", "date", new Date(Date.UTC(2024, 1, 29)), "2024-02-29"],
  ["R-318", "date", "2024-02-29", "2024-02-29"],
  ["R-320", "datetime(6)", "2024-01-02 03:04:05.123456", "2024-01-02T03:04:05.123456"],
  ["R-321", "datetime", "2024-01-02T03:04:05+05:00", "2024-01-01T22:04:05"],
  ["R-322", "char(4)", "ab", "ab"],
  ["R-323", "varchar(20)", "it's \\ 100% é😀", "it's \\ 100% é😀"],
  ["R-324", "varchar(20)", "", ""],
  ["R-325", "enum('x','y')", "y", "y"],
  ["R-327", "json", { k: [1, null, "é"] }, { k: [1, null, "é"] }],
  ["R-328", "json", [1, 2], [1, 2]],
  ["R-329", "json", "abc", "abc"],
  ["R-330", "json", "123", "123"],
  ["R-331", "json", 1, 1],
  ["R-333", "bytes", Uint8Array.of(0, 255), Uint8Array.of(0, 255)],
  ["R-335", "int32", null, null],
  ["R-336", "json", null, null],
];

const refused: readonly Refused[] = [
  ["R-298", "int32", "7", "wrong-type"],
  ["R-299", "int32", true, "wrong-type"],
  ["R-300", "int32", "", "wrong-type"],
  ["R-302", "int8", 200, "out-of-range"],
  ["R-311", "bool", 2, "wrong-type"],
  ["R-313", "decimal(8,2)", 0.123, "too-many-digits"],
  ["R-316", "uuid", "zz", "malformed"],
  ["R-319", "datetime", "2024-01-02T03:04:05.999999", "too-many-digits"],
  ["R-326", "enum('x','y')", "z", "not-in-enum"],
  ["R-332", "json", Number.NaN, "not-json"],
  ["R-334", "bytes", "ab", "wrong-type"],
];

/** Floats that not every database has, and those that have them. */
const special: readonly (readonly [...Refused, on: readonly (typeof backend)[]])[] = [
  ["R-305", "float32", Number.NaN, "nan", ["postgresql"]],
  ["R-307", "float64", Number.NaN, "nan", ["postgresql"]],
  ["R-308", "float64", Number.POSITIVE_INFINITY, "infinity", ["sqlite", "postgresql"]],
];
const kept = special.filter(([, , , , on]) => on.includes(backend));
const missing = special.filter(([, , , , on]) => !on.includes(backend));

describe("values through insert and fetch", () => {
  it.each([...stored, ...kept.map(([id, type, given]): Stored => [id, type, given, given])])(
    "%s: stores %s",
    async (_id, type, given, fetched) => {
      await using test = await openTestProject();
      const definition: string = `k : int8\n---\na = null : ${type}`;
      const T = test.project.schema("lab").manual("T", definition);
      await T.insertOne({ k: 1, a: given });
      expect((await T.fetchOne())["a"]).toEqual(fetched);
    },
  );

  it.each([...refused, ...missing.map(([id, type, given, code]): Refused => [id, type, given, code])])(
    "%s: refuses for %s what it would change",
    async (_id, type, given, code) => {
      await using test = await openTestProject();
      const definition: string = `k : int8\n---\na = null : ${type}`;
      const T = test.project.schema("lab").manual("T", definition);
      await expect(T.insertOne({ k: 1, a: given })).rejects.toMatchObject({ name: "ValueError", code });
      expect(await T.count()).toBe(0);
    },
  );
});
