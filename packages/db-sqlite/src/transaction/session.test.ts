import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { column, create, table } from "../../../sql/src/testing/table.ts";
import { openTemporary } from "../testing/database.ts";

async function open() {
  const { database, file } = await openTemporary();
  await create(database, table("t", [column("k", "int32")]));
  const keys = async (executor = database as Pick<typeof database, "execute">) =>
    (await executor.execute<{ k: number }>(sql`select k from "lab.t" order by k`)).rows.map((row) => row.k);
  const insert = (k: number) => sql`insert into "lab.t" values (${k})`;
  return { database, file, keys, insert };
}

describe("a transaction", () => {
  it("shows its rows to itself, and to others after COMMIT", async () => {
    const { database, keys, insert } = await open();
    const session = await database.begin();
    await session.execute(insert(1));
    expect(await keys(session)).toEqual([1]);
    expect(await keys()).toEqual([]);
    await session.commit();
    expect(session.state).toBe("committed");
    expect(await keys()).toEqual([1]);
  });

  it("leaves nothing when it is rolled back, or disposed while open", async () => {
    const { database, keys, insert } = await open();
    const session = await database.begin();
    await session.execute(insert(1));
    await session.rollback();
    expect(session.state).toBe("rolled-back");
    {
      await using disposed = await database.begin();
      await disposed.execute(insert(2));
    }
    expect(await keys()).toEqual([]);
  });

  it("can't be used after its end", async () => {
    const { database, insert } = await open();
    const session = await database.begin();
    await session.commit();
    const ended = { name: "TransactionError", code: "ended" };
    await expect(session.execute(insert(1))).rejects.toMatchObject(ended);
    await expect(session.commit()).rejects.toMatchObject(ended);
    await expect(session.rollback()).rejects.toMatchObject(ended);
    await expect(session.savepoint()).rejects.toMatchObject(ended);
    await session[Symbol.asyncDispose]();
  });

  it("can be rolled back twice", async () => {
    const { database } = await open();
    const session = await database.begin();
    await session.rollback();
    await session.rollback();
    expect(session.state).toBe("rolled-back");
  });

  it("nests with savepoints", async () => {
    const { database, keys, insert } = await open();
    const session = await database.begin();
    await session.execute(insert(1));
    const outer = await session.savepoint();
    await session.execute(insert(2));
    const inner = await session.savepoint();
    await session.execute(insert(3));
    await inner.rollback();
    await outer.release();
    const undone = await session.savepoint();
    await session.execute(insert(4));
    await undone.rollback();
    await session.commit();
    expect(await keys()).toEqual([1, 2]);
  });

  it("runs statements that were started together one after the other", async () => {
    const { database, keys, insert } = await open();
    const session = await database.begin();
    await Promise.all([3, 1, 2].map((k) => session.execute(insert(k))));
    await Promise.all([session.execute(insert(4)), session.commit()]);
    expect(await keys()).toEqual([1, 2, 3, 4]);
  });

  it("waits for the one before, first come, first served", async () => {
    const { database, keys, insert } = await open();
    const order: number[] = [];
    const first = await database.begin();
    const others = [1, 2, 3].map(async (k) => {
      await using session = await database.begin();
      order.push(k);
      await session.execute(insert(k));
      await session.commit();
    });
    const single = database.execute(insert(9)).then(() => order.push(9));
    await first.execute(insert(0));
    expect(order).toEqual([]);
    await first.commit();
    await Promise.all([...others, single]);
    expect(order).toEqual([1, 2, 3, 9]);
    expect(await keys()).toEqual([0, 1, 2, 3, 9]);
  });

  it("gives up waiting after the time given, or when it is aborted", async () => {
    const { database, insert } = await open();
    await using holder = await database.begin();
    await expect(database.begin({ timeoutMs: 20 })).rejects.toMatchObject({ name: "QueryError", code: "busy" });
    const controller = new AbortController();
    const begin = database.begin({ signal: controller.signal });
    const write = database.execute(insert(1), { signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(begin).rejects.toThrow("enough");
    await expect(write).rejects.toThrow("enough");
    await expect(database.execute(insert(1), { signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow(
      "before",
    );
    await holder.execute(insert(2));
    await holder.commit();
    await using next = await database.begin();
    expect(next.state).toBe("open");
  });

  it("of the ledger takes turns with those of the data", async () => {
    const { database, keys, insert } = await open();
    await using ledger = await database.begin({ pool: "ledger" });
    await ledger.execute(insert(1));
    await expect(database.begin({ timeoutMs: 10 })).rejects.toMatchObject({ code: "busy" });
    expect((await ledger.execute<{ synchronous: number }>(sql`pragma synchronous`)).rows).toEqual([{ synchronous: 1 }]);
    await ledger.commit();
    await using data = await database.begin();
    expect((await data.execute<{ synchronous: number }>(sql`pragma synchronous`)).rows).toEqual([{ synchronous: 2 }]);
    expect(await keys(data)).toEqual([1]);
  });

  it("that only reads sees one moment, writes nothing, and stops nobody", async () => {
    const { database, keys, insert } = await open();
    await using reading = await database.begin({ readOnly: true });
    await database.execute(insert(1));
    expect(await keys(reading)).toEqual([]);
    expect(await keys()).toEqual([1]);
    await expect(reading.execute(insert(2))).rejects.toMatchObject({ code: "access" });
    await reading.commit();
    await using later = await database.begin({ readOnly: true });
    expect(await keys(later)).toEqual([1]);
  });

  it("is rolled back when COMMIT finds a broken foreign key", async () => {
    const { database } = await open();
    const child = table("c", [column("k", "int32")], {
      foreignKeys: [{ columns: ["k"], parent: { schema: "lab", table: "t" }, parentColumns: ["k"] }],
    });
    await create(database, child);
    const session = await database.begin();
    await session.execute(sql`pragma defer_foreign_keys = on`);
    await session.execute(sql`insert into "lab.c" values (7)`);
    await expect(session.commit()).rejects.toMatchObject({
      name: "TransactionError",
      code: "rolled-back",
      cause: { code: "integrity" },
    });
    expect(session.state).toBe("rolled-back");
    expect((await database.execute(sql`select k from "lab.c"`)).rows).toEqual([]);
    await using next = await database.begin();
    expect(next.state).toBe("open");
  });

  it("knows that SQLite rolls everything back when the disk is full", async () => {
    const { database, keys, insert } = await open();
    const session = await database.begin();
    await session.execute(sql`create table big (bytes blob) strict`);
    await session.execute(insert(1));
    await session.execute(sql`pragma max_page_count = 30`);
    await expect(session.execute(sql`insert into big values (zeroblob(1000000))`)).rejects.toMatchObject({
      code: "database",
      hint: expect.stringContaining("disk is full") as unknown,
    });
    expect(session.state).toBe("rolled-back");
    await expect(session.commit()).rejects.toMatchObject({ code: "ended" });
    expect(await keys()).toEqual([]);
    await database.execute(insert(2));
    expect(await keys()).toEqual([2]);
  });

  it("is rolled back when the database closes", async () => {
    const { database, insert } = await open();
    const session = await database.begin();
    await session.execute(insert(1));
    await database.close();
    expect(session.state).toBe("rolled-back");
    await expect(session.execute(insert(2))).rejects.toMatchObject({ code: "ended" });
    await expect(database.execute(sql`select 1`)).rejects.toMatchObject({ code: "closed" });
    await expect(database.begin()).rejects.toMatchObject({ code: "closed" });
    await database.close();
  });
});
