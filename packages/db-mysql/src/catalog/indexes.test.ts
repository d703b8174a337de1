import { describe, expect, it } from "vitest";
import { type IndexRow, indexesOf, primaryKeyOf } from "./indexes.ts";

function row(name: string, column: string | null, more: Partial<IndexRow> = {}): IndexRow {
  return {
    table: "t",
    name,
    is_plain: 1,
    column,
    expression: null,
    prefix: null,
    direction: "A",
    comment: "",
    ...more,
  };
}

const toSubject = { columns: ["a", "b"], parent: { schema: "lab", table: "subject" }, parentColumns: ["a", "b"] };

describe("the indexes of a table in the catalog", () => {
  it("gives the columns of the primary key in its order", () => {
    expect(primaryKeyOf([row("PRIMARY", "b"), row("PRIMARY", "a"), row("x", "c")])).toEqual(["b", "a"]);
    expect(primaryKeyOf([row("x", "c")])).toEqual([]);
  });

  it("R-129: gives declared indexes in the order of their numbers, then those of others", () => {
    const rows = [row("a", "a"), row("index-10", "c"), row("index-2", "b", { is_plain: 0 }), row("PRIMARY", "k")];
    expect(indexesOf(rows, [])).toEqual([
      { unique: true, items: [{ column: "b" }] },
      { unique: false, items: [{ column: "c" }] },
      { unique: false, items: [{ column: "a" }] },
    ]);
  });

  it("leaves out what the server adds for a foreign key, unless it is declared, unique or longer", () => {
    const pair = (name: string, more: Partial<IndexRow> = {}): IndexRow[] => [
      row(name, "a", more),
      row(name, "b", more),
    ];
    expect(indexesOf(pair("t_ibfk_1"), [toSubject])).toEqual([]);
    expect(indexesOf(pair("index-1"), [toSubject])).toHaveLength(1);
    expect(indexesOf(pair("a", { is_plain: 0 }), [toSubject])).toHaveLength(1);
    expect(indexesOf([...pair("a"), row("a", "c")], [toSubject])).toHaveLength(1);
  });

  it("R-131: gives expressions as they were written, which the comment of the index keeps", () => {
    const comment = '["j.x.y:char(20)","k","(year(d))"]';
    const parts = [
      row("index-1", null, { expression: "json_value(…)", comment }),
      row("index-1", "k", { comment }),
      row("index-1", null, { expression: "year(`d`)", comment }),
    ];
    expect(indexesOf(parts, [])[0]?.items).toEqual([
      { expression: "j.x.y:char(20)" },
      { column: "k" },
      { expression: "(year(d))" },
    ]);
    const changed = parts.map((part) => ({ ...part, comment: "[1]" }));
    expect(indexesOf(changed, [])[0]?.items[2]).toEqual({ expression: "(year(`d`))" });
  });

  it("R-131: reads the JSON paths of other programs' indexes", () => {
    const expression = String.raw`json_value(${"`j`"}, _utf8mb4\'$.x.y\' returning char(20))`;
    expect(indexesOf([row("functional_index", null, { expression })], [])[0]?.items).toEqual([
      { expression: "j.x.y:char(20)" },
    ]);
  });

  it("reads prefixes and directions as MySQL writes them", () => {
    const parts = [row("x", "txt", { prefix: 10 }), row("x", "d", { direction: "D" })];
    expect(indexesOf(parts, [])[0]?.items).toEqual([{ expression: "`txt`(10)" }, { expression: "`d` DESC" }]);
  });
});
