import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { column, create, table } from "../../../sql/src/testing/table.ts";
import { openTemporary } from "../testing/database.ts";

async function open() {
  const { database } = await openTemporary();
  await create(database, table("session", [column("id", "int32"), column("rig", "varchar(10)")]));
  return { database, lab: database.kysely.withSchema("lab") };
}

describe("the kysely escape hatch", () => {
  it("prints a table of a schema as one name", async () => {
    const { lab } = await open();
    const query = lab
      .selectFrom("session as s")
      .innerJoin("session", "session.id", "s.id")
      .select(["s.id", "session.rig"]);
    expect(query.compile().sql).toBe(
      'select "s"."id", "lab.session"."rig" from "lab.session" as "s" inner join "lab.session" on "lab.session"."id" = "s"."id"',
    );
  });

  it("writes, counts and reads", async () => {
    const { lab } = await open();
    const inserted = await lab
      .insertInto("session")
      .values([
        { id: 1, rig: "a" },
        { id: 2, rig: "b" },
      ])
      .executeTakeFirst();
    expect(inserted.numInsertedOrUpdatedRows).toBe(2n);
    const updated = await lab.updateTable("session").set({ rig: "c" }).where("id", "=", 2).returning("rig").execute();
    expect(updated).toEqual([{ rig: "c" }]);
    const deleted = await lab.deleteFrom("session").where("id", "in", [1, 5]).executeTakeFirst();
    expect(deleted.numDeletedRows).toBe(1n);
    expect(await lab.selectFrom("session").selectAll().execute()).toEqual([{ id: 2, rig: "c" }]);
  });

  it("has transactions that take turns with ours and roll back on errors", async () => {
    const { database, lab } = await open();
    const failed = database.kysely.transaction().execute(async (tx) => {
      await tx.withSchema("lab").insertInto("session").values({ id: 1, rig: "a" }).execute();
      await expect(database.begin({ timeoutMs: 5 })).rejects.toMatchObject({ code: "busy" });
      throw new Error("on purpose");
    });
    await expect(failed).rejects.toThrow("on purpose");
    await using session = await database.begin();
    await session.execute(sql`insert into "lab.session" values (3, 'z')`);
    await session.commit();
    expect(await lab.selectFrom("session").select("id").execute()).toEqual([{ id: 3 }]);
  });

  it("has savepoints", async () => {
    const { database, lab } = await open();
    const tx = await database.kysely.startTransaction().execute();
    await tx.withSchema("lab").insertInto("session").values({ id: 1, rig: "a" }).execute();
    const point = await tx.savepoint("here").execute();
    await point.withSchema("lab").insertInto("session").values({ id: 2, rig: "b" }).execute();
    const back = await point.rollbackToSavepoint("here").execute();
    await (await back.releaseSavepoint("here").execute()).commit().execute();
    expect(await lab.selectFrom("session").select("id").execute()).toEqual([{ id: 1 }]);
  });

  it("streams", async () => {
    const { lab } = await open();
    await lab
      .insertInto("session")
      .values([1, 2, 3].map((id) => ({ id, rig: "r" })))
      .execute();
    const rows = await Array.fromAsync(lab.selectFrom("session").select("id").orderBy("id").stream(2));
    expect(rows).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
  });

  it("reports Mortise's errors and leaves the database open", async () => {
    const { database, lab } = await open();
    await expect(lab.selectFrom("nope").selectAll().execute()).rejects.toMatchObject({ code: "missing-table" });
    await database.kysely.destroy();
    expect((await database.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
  });
});
