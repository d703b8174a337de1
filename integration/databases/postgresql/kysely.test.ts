import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { openPostgresLab } from "./postgres-lab.ts";

const tables = ["create schema lab", "create table lab.t (id int primary key, note text, at timestamp(3))"];

describe("Kysely on PostgreSQL", () => {
  it("reads and writes beside Mortise", async () => {
    await using lab = await openPostgresLab(tables);
    const t = lab.database.kysely.withSchema("lab");
    const row = { id: 1, note: `it's "$1" \\ é`, at: "2024-02-29T01:02:03.500" };
    const inserted = await t.insertInto("t").values(row).returning("id").executeTakeFirstOrThrow();
    expect(inserted).toEqual({ id: 1 });
    const found = await t.selectFrom("t").select(["id", "note", "at"]).where("note", "=", row.note).execute();
    expect(found).toEqual([{ ...row, at: "2024-02-29 01:02:03.5" }]);
    const changed = await t.updateTable("t").set({ note: null }).where("id", "in", [1, 2]).executeTakeFirst();
    expect(changed.numUpdatedRows).toBe(1n);
  });

  it("has transactions of its own, which are undone by an error", async () => {
    await using lab = await openPostgresLab(tables);
    const { kysely } = lab.database;
    const writing = kysely.transaction().execute(async (transaction) => {
      await transaction.withSchema("lab").insertInto("t").values({ id: 1 }).execute();
      throw new Error("no");
    });
    await expect(writing).rejects.toThrow("no");
    await kysely
      .transaction()
      .execute((transaction) => transaction.withSchema("lab").insertInto("t").values({ id: 2 }).execute());
    expect((await lab.database.execute(sql`select id from lab.t`)).rows).toEqual([{ id: 2 }]);
  });

  it("streams, and knows the tables", async () => {
    await using lab = await openPostgresLab([...tables, "insert into lab.t select i from generate_series(1, 300) i"]);
    const { kysely } = lab.database;
    let count = 0;
    for await (const row of kysely.withSchema("lab").selectFrom("t").select("id").stream(100))
      count += Number(Number(row["id"]) > 0);
    expect(count).toBe(300);
    const found = await kysely.introspection.getTables();
    expect(found.map((table) => `${table.schema}.${table.name}`)).toContain("lab.t");
  });
});
