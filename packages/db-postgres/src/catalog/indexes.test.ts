import { describe, expect, it } from "vitest";
import { declaredIndexes } from "./indexes.ts";

const index = (name: string, unique: boolean, ...columns: readonly string[]) => ({
  name,
  unique,
  items: columns.map((column) => ({ column })),
});
const foreignKeys = [{ columns: ["a", "b"], parent: { schema: "lab", table: "p" }, parentColumns: ["a", "b"] }];

describe("indexes of PostgreSQL's catalog", () => {
  it("are those of the definition, without those that foreign keys need", () => {
    const found = [
      index("fk_t_a_b_01234567", false, "a", "b"),
      index("idx_t_a_b", false, "a", "b"),
      index("index_t_a_b_01234567", false, "a", "b"),
      index("idx_t_b_a", false, "b", "a"),
      index("idx_t_unique", true, "a", "b"),
    ];
    expect(declaredIndexes(found, foreignKeys).map(({ unique, items }) => [unique, ...items])).toEqual([
      [false, { column: "a" }, { column: "b" }],
      [false, { column: "b" }, { column: "a" }],
      [true, { column: "a" }, { column: "b" }],
    ]);
  });

  it("on expressions are none of a foreign key's", () => {
    const made = { name: "by_hand", unique: false, items: [{ expression: "lower(a)" }] };
    expect(declaredIndexes([made], foreignKeys)).toEqual([{ unique: false, items: made.items }]);
  });
});
