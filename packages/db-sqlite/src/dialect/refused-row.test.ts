import { executeAll, type InsertRequest, useDefault } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { column, create, table } from "../../../sql/src/testing/table.ts";
import { openTemporary } from "../testing/database.ts";

const optional = { nullable: true, default: { kind: "null" } } as const;

async function open() {
  const { database } = await openTemporary();
  const session = table("session", [column("subject", "varchar(90)"), column("n", "int32")], {
    primaryKey: ["subject", "n"],
  });
  const rig = table("rig", [column("rig", "varchar(9)")]);
  const visit = table(
    "visit",
    [
      column("v", "int8"),
      column("subject", "varchar(90)"),
      column("session", "int32"),
      column("rig", "varchar(9)", optional),
    ],
    {
      foreignKeys: [
        {
          columns: ["subject", "session"],
          parent: { schema: "lab", table: "session" },
          parentColumns: ["subject", "n"],
        },
        { columns: ["rig"], parent: { schema: "lab", table: "rig" }, parentColumns: ["rig"] },
      ],
    },
  );
  await create(database, session, rig, visit);
  await database.execute(sql`insert into "lab.session" values ('a', 1)`);
  const insert = (name: string, columns: readonly string[], ...rows: InsertRequest["rows"]) =>
    executeAll(
      database,
      database.dialect.insert({ schema: "lab", table: name, columns, primaryKey: columns.slice(0, 1), rows }),
    );
  return insert;
}

const columns = ["v", "subject", "session", "rig"];

describe("a refused row", () => {
  it("names the parent that is missing, and the values it was looked for with", async () => {
    const insert = await open();
    await expect(insert("visit", columns, [1, "a", 1, null], [2, "a", 2, null])).rejects.toMatchObject({
      code: "integrity",
      message: 'lab.visit: lab.session has no row with subject = "a", n = 2',
      hint: "insert the row of lab.session first, or correct subject, session",
    });
    await expect(insert("visit", columns, [1, "a", 1, "x"])).rejects.toMatchObject({
      message: 'lab.visit: lab.rig has no row with rig = "x"',
    });
  });

  it("names the values of a key that is taken, shortened where they are long", async () => {
    const insert = await open();
    await insert("session", ["subject", "n"], ["s".repeat(80), 1]);
    await expect(insert("session", ["subject", "n"], ["s".repeat(80), 1])).rejects.toMatchObject({
      code: "duplicate",
      message: `lab.session already has a row with the same subject, n: "${"s".repeat(60)}…", 1`,
    });
  });

  it("leaves out foreign keys without a value", async () => {
    const insert = await open();
    expect(await insert("visit", columns, [1, "a", 1, useDefault])).toBe(1);
    expect(await insert("visit", ["v", "subject", "session"], [2, "a", 1])).toBe(1);
  });
});
