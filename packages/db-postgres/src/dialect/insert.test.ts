import { type InsertRequest, useDefault } from "@mortise/sql";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PostgresText } from "../connection/statement-text.ts";
import { compiled } from "../testing/text-of.ts";
import { postgresDialect } from "./dialect.ts";
import { copyData } from "./insert-copy.ts";

type Rows = InsertRequest["rows"];

function insert(columns: readonly string[], rows: Rows, extra: Partial<InsertRequest> = {}): readonly PostgresText[] {
  const request = { schema: "lab", table: "p", columns, primaryKey: ["id"], rows, ...extra };
  return postgresDialect.insert(request).map(compiled);
}

const many = (count: number): Rows => Array.from({ length: count }, (_, id) => [id, `name ${id}`]);

describe("insert on PostgreSQL", () => {
  it.each<[string, readonly string[], Rows, Partial<InsertRequest>, string, readonly unknown[]]>([
    ["R-337", ["id", "name"], [[1, "a"]], {}, '("id", "name") VALUES ($1, $2)', [1, "a"]],
    [
      "R-338",
      ["id", "name", "n"],
      [[2, useDefault, null]],
      {},
      '("id", "name", "n") VALUES ($1, DEFAULT, $2)',
      [2, null],
    ],
    ["R-339", ["id"], [[useDefault]], {}, '("id") VALUES (DEFAULT)', []],
    ["R-340", ["id"], [[3], [4]], {}, '("id") VALUES ($1), ($2)', [3, 4]],
    [
      "R-342",
      ["id", "name"],
      [[1, "zz"]],
      { onDuplicate: "skip" },
      '("id", "name") VALUES ($1, $2) ON CONFLICT ("id") DO NOTHING',
      [1, "zz"],
    ],
    [
      "R-343",
      ["id", "name"],
      [[1, "zz"]],
      { onDuplicate: "replace" },
      '("id", "name") VALUES ($1, $2) ON CONFLICT ("id") DO UPDATE SET "name" = excluded."name"',
      [1, "zz"],
    ],
    [
      "R-343, a row of nothing but its key",
      ["id"],
      [[1]],
      { onDuplicate: "replace" },
      '("id") VALUES ($1) ON CONFLICT ("id") DO NOTHING',
      [1],
    ],
    ["R-361", [], [[]], { primaryKey: ["_singleton"] }, "DEFAULT VALUES", []],
    [
      "R-363",
      ["v"],
      [[4]],
      { primaryKey: ["_singleton"], onDuplicate: "skip" },
      '("v") VALUES ($1) ON CONFLICT ("_singleton") DO NOTHING',
      [4],
    ],
  ])("%s: is one statement with bound values", (_id, columns, rows, extra, text, values) => {
    expect(insert(columns, rows, extra)).toEqual([{ text: `INSERT INTO "lab"."p" ${text}`, values, undoable: true }]);
  });

  it("replaces a key that comes twice in two statements, the last one later", () => {
    const rows = [
      [1, "a"],
      [2, "b"],
      [1, "c"],
    ];
    expect(insert(["id", "name"], rows, { onDuplicate: "replace" }).map(({ values }) => values)).toEqual([
      [1, "a", 2, "b"],
      [1, "c"],
    ]);
  });

  it("replaces the one row of a singleton by the last that is given", () => {
    const found = insert(["v"], [[1], [2]], { primaryKey: ["_singleton"], onDuplicate: "replace" });
    expect(found.map(({ values }) => values)).toEqual([[1], [2]]);
  });

  it("takes a statement for as many values as the protocol counts", () => {
    const rows = Array.from({ length: 700 }, () => Array.from({ length: 100 }, () => 1));
    const columns = Array.from({ length: 100 }, (_, index) => `c${index}`);
    const counts = insert(columns, rows, { onDuplicate: "skip" }).map(({ values }) => values.length);
    expect(counts).toEqual([65_500, 4500]);
  });

  it("keeps a message with large bytes far below a gigabyte", () => {
    const bytes = new Uint8Array(12 * 1024 * 1024);
    const rows = Array.from({ length: 50 }, (_, id) => [id, bytes]);
    const counts = insert(["id", "b"], rows).map(({ values }) => values.length / 2);
    expect(counts).toEqual(Array.from({ length: 25 }, () => 2));
  });

  it("copies many rows, and can insert them where the table refuses that", () => {
    const [statement, ...more] = insert(["id", "name"], many(1000));
    expect(more).toEqual([]);
    expect(statement).toMatchObject({ text: 'INSERT INTO "lab"."p" ("id", "name")', values: [], undoable: true });
    expect(statement?.copy?.text).toBe('COPY "lab"."p" ("id", "name") FROM STDIN');
    expect([...(statement?.copy?.data() ?? [])].join("")).toMatch(/^0\tname 0\n1\tname 1\n/);
    const [otherwise] = statement?.copy?.otherwise() ?? [];
    expect(otherwise?.text).toMatch(
      /^INSERT INTO "lab"\."p" \("id", "name"\) VALUES \(\$1, \$2\), .*\(\$1999, \$2000\)$/,
    );
    expect(otherwise?.values.length).toBe(2000);
  });

  it("copies long rows in parts, which the driver holds in memory", () => {
    const text = "x".repeat(1_000_000);
    const rows = Array.from({ length: 100 }, (_, id) => [id, text]);
    const lengths = insert(["id", "t"], rows).map(({ copy }) => [...(copy?.data() ?? [])].join("").length);
    expect(lengths.length).toBe(4);
    expect(Math.max(...lengths)).toBeLessThan(34_000_000);
  });

  it("copies nothing that COPY has no words for", () => {
    const rows = many(100);
    expect(insert(["id", "name"], [...rows, [100, useDefault]])[0]?.copy).toBeUndefined();
    expect(insert(["id", "name"], rows, { onDuplicate: "skip" })[0]?.copy).toBeUndefined();
  });

  it("refuses rows of another length", () => {
    expect(() => insert(["id", "name"], [[1]])).toThrow("a row for p has not 2 values");
  });
});

/** Takes COPY's text format apart as its description says. */
function parseCopy(text: string): readonly (readonly (string | null)[])[] {
  const characters: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "\\": "\\" };
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) =>
      line
        .split("\t")
        .map((cell) =>
          cell === "\\N" ? null : cell.replaceAll(/\\(.)/g, (_, character) => characters[String(character)] ?? "?"),
        ),
    );
}

describe("what is copied", () => {
  it("is any text, unchanged", () => {
    const cell = fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("\\N", "\\.", "\t\n\r\\", "", null));
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1 });
    fc.assert(
      fc.property(rows, (given) => {
        expect(parseCopy([...copyData("p", given)].join(""))).toEqual(given);
      }),
    );
  });

  it("is numbers, truth values and bytes in the server's own form", () => {
    const row = [1, -0, Number.NaN, -Infinity, 2n ** 62n, true, false, null, Uint8Array.of(0, 92, 255)];
    expect([...copyData("p", [row])]).toEqual([
      "1\t-0\tNaN\t-Infinity\t4611686018427387904\ttrue\tfalse\t\\N\t\\\\x005cff\n",
    ]);
  });

  it.each([undefined, new Date(), { a: 1 }, [1], Symbol("x"), "\ud800"])("is no %o", (cell) => {
    expect(() => [...copyData("p", [[1, cell]])]).toThrow("a value for p can't be stored");
  });

  it("comes in pieces", () => {
    const rows = Array.from({ length: 10 }, () => ["x".repeat(30_000)]);
    expect([...copyData("p", rows)].map((piece) => piece.length)).toEqual([90_003, 90_003, 90_003, 30_001]);
  });
});
