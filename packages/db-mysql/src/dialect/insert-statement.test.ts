import { type InsertRequest, useDefault } from "@mortise/sql";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CountedStatement } from "../connection/connection.ts";
import { compiled } from "../testing/statement-text.ts";
import { insertStatements } from "./insert-statement.ts";

function insert(
  columns: readonly string[],
  rows: InsertRequest["rows"],
  extra: Partial<InsertRequest> = {},
): readonly CountedStatement[] {
  const request = { schema: "lab", table: "p", columns, primaryKey: ["id"], rows, ...extra };
  return insertStatements(request).map((statement) => compiled(statement) as CountedStatement);
}

const guard =
  "ON DUPLICATE KEY UPDATE `id` = CASE WHEN `lab`.`p`.`id` <=> VALUES(`id`) THEN `lab`.`p`.`id` " +
  "ELSE (SELECT `lab`.`p`.`id` FROM (SELECT 1 UNION ALL SELECT 2) AS two) END";

describe("INSERT", () => {
  it.each<[string, readonly string[], InsertRequest["rows"], string]>([
    ["R-337", ["id", "name"], [[1, "a"]], "INSERT INTO `lab`.`p` (`id`, `name`) VALUES (1,'a')"],
    [
      "R-338",
      ["id", "name", "n"],
      [[2, useDefault, useDefault]],
      "INSERT INTO `lab`.`p` (`id`, `name`, `n`) VALUES (2,DEFAULT,DEFAULT)",
    ],
    ["R-339", ["id"], [[useDefault]], "INSERT INTO `lab`.`p` (`id`) VALUES (DEFAULT)"],
    [
      "R-340",
      ["id", "name"],
      [
        [3, "c"],
        [4, "d"],
      ],
      "INSERT INTO `lab`.`p` (`id`, `name`) VALUES (3,'c'),(4,'d')",
    ],
    ["R-361", [], [[]], "INSERT INTO `lab`.`p` () VALUES ()"],
  ])("%s: writes rows as literals", (_id, columns, rows, text) => {
    const [statement] = insert(columns, rows);
    expect(statement?.text).toBe(text);
    expect(statement?.values).toEqual([]);
  });

  it("R-349: is nothing without rows", () => {
    expect(insert(["id"], [])).toEqual([]);
  });

  it("writes values of every kind so that nothing of them can end its literal", () => {
    const cells = [null, -5, 12.5, 9223372036854775807n, "é😀", "it's \\", new Uint8Array([0, 39, 92])];
    const columns = cells.map((_, index) => `c${index}`);
    expect(insert(columns, [cells])[0]?.text).toMatch(
      /VALUES \(NULL,-5,12\.5e0,9223372036854775807,'é😀',_utf8mb4 x'697427732 ?05c',x'00275c'\)$/,
    );
  });

  it("binds long text and bytes, whose literals would be twice as long", () => {
    const bytes = new Uint8Array(20_000);
    const [statement] = insert(["id", "b", "t"], [[1, bytes, "x"]]);
    expect(statement?.text).toBe("INSERT INTO `lab`.`p` (`id`, `b`, `t`) VALUES (1,?,'x')");
    expect(statement?.values).toEqual([bytes]);
  });

  it("is cut into statements of a few MiB, with every row in one of them", () => {
    const rows = Array.from({ length: 10 }, (_, id) => [id, new Uint8Array(1024 * 1024)]);
    const statements = insert(["id", "b"], rows);
    expect(statements.map(({ values }) => values.length)).toEqual([4, 4, 2]);
    expect(statements[1]?.text).toBe("INSERT INTO `lab`.`p` (`id`, `b`) VALUES (4,?),(5,?),(6,?),(7,?)");
  });

  it("keeps all rows of any request, in order", () => {
    const cell = fc.oneof(fc.integer(), fc.string(), fc.constant(useDefault), fc.constant(null));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer(), cell), { maxLength: 20 }), (rows) => {
        const statements = insert(["id", "a"], rows);
        const ids = statements.flatMap(({ text }) => [...text.matchAll(/[ ,]\((-?\d+),/g)].map((match) => match[1]));
        expect(ids).toEqual(rows.map(([id]) => String(id)));
      }),
    );
  });

  it("refuses rows of another length", () => {
    expect(() => insert(["id", "a"], [[1]])).toThrow(/has not 2 values/);
  });
});

describe("INSERT where rows are there already", () => {
  const rows = [
    [1, "a"],
    [2, "b"],
  ];

  it("R-342: skips rows with the same primary key and fails for any other unique key", () => {
    const [statement] = insert(["id", "name"], rows, { onDuplicate: "skip" });
    expect(statement?.text).toBe(`INSERT INTO \`lab\`.\`p\` (\`id\`, \`name\`) VALUES (1,'a'),(2,'b') ${guard}`);
    expect(statement?.affected({ affectedRows: 1, info: "" })).toBe(1);
  });

  it("R-343: replaces the given columns and leaves the others, and counts every row once", () => {
    const [statement] = insert(["id", "name"], rows, { onDuplicate: "replace" });
    expect(statement?.text).toMatch(/ END, `name` = VALUES\(`name`\)$/);
    expect(statement?.text).toContain(guard);
    expect(statement?.affected({ affectedRows: 3, info: "" })).toBe(2);
  });

  it("R-363: looks at the hidden key of a table without another", () => {
    const [statement] = insert(["v"], [[1], [2]], { onDuplicate: "skip", primaryKey: ["_singleton"] });
    expect(statement?.text).toContain("`lab`.`p`.`_singleton` <=> VALUES(`_singleton`)");
  });

  it("compares every column of the key, also those that are left to their default", () => {
    const [statement] = insert(["id"], [[1], [2]], { onDuplicate: "skip", primaryKey: ["id", "k"] });
    expect(statement?.text).toContain("`id` <=> VALUES(`id`) AND `lab`.`p`.`k` <=> VALUES(`k`) THEN");
  });

  it("needs no clause for a single row that may be skipped: its error says which key it was", () => {
    expect(insert(["id", "name"], [[1, "a"]], { onDuplicate: "skip" })[0]?.text).not.toContain("DUPLICATE");
    expect(insert(["id", "name"], [[1, "a"]], { onDuplicate: "replace" })[0]?.text).toContain("DUPLICATE");
  });
});
