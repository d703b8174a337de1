import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { onBackend } from "../../../packages/schema/test/database/provided.ts";
import { openRaw } from "../lab/raw-client.ts";
import { openFaultLab, scan } from "./fault-lab.ts";
import { endSessions, impatient } from "./sessions.ts";

const lost = { name: "QueryError", code: "connection-lost" };

const sleeping = onBackend({ sqlite: "", mysql: "select sleep(20)", postgresql: "select pg_sleep(20)" });

describe("sessions that the operator ends", () => {
  it("are replaced where nothing was going on", async () => {
    await using lab = await openFaultLab();
    for (const id of [1, 2, 3]) {
      await lab.Scan.insertOne(scan(id));
      await endSessions(lab.place());
      expect(await lab.Scan.count()).toBe(id);
    }
    expect(await lab.intents()).toBe(0);
    await lab.expectNothingDangling();
  });

  it("between the statements of a transaction roll it back, with its objects", async () => {
    await using lab = await openFaultLab();
    const running = lab.test.project.transaction(async () => {
      await lab.Scan.insertOne(scan(1));
      await endSessions(lab.place());
      await lab.Scan.insertOne(scan(2));
    });
    await expect(running).rejects.toMatchObject(lost);
    expect(await lab.ids()).toEqual([]);
    await lab.expectNothingDangling();
    await lab.Scan.insertOne(scan(3));
    await lab.expectNothingDangling();
  });

  it("just before COMMIT roll the transaction back, and it is known", async () => {
    await using lab = await openFaultLab();
    const running = lab.test.project.transaction(async () => {
      await lab.Scan.insertOne(scan(1));
      await endSessions(lab.place());
    });
    await expect(running).rejects.toMatchObject(lost);
    expect(await lab.ids()).toEqual([]);
    await lab.expectNothingDangling();
  });

  it("while a statement runs end it, and the session knows", async () => {
    await using lab = await openFaultLab();
    await using database = await lab.place().open();
    await using session = await database.begin();
    const running = session.execute(sql.raw(sleeping));
    running.catch(() => undefined);
    await expect.poll(() => lab.sleepers(), { timeout: 10_000 }).toBe(1);
    await endSessions(lab.place());
    await expect(running).rejects.toMatchObject(lost);
    expect(session.state).toBe("rolled-back");
    expect((await database.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
  });
});

describe("an aborted statement", () => {
  it("ends on the server too, and its connection is used again", async () => {
    await using lab = await openFaultLab();
    await using database = await lab.place().open();
    await using session = await database.begin();
    const controller = new AbortController();
    const savepoint = await session.savepoint();
    const running = session.execute(sql.raw(sleeping), { signal: controller.signal });
    running.catch(() => undefined);
    await expect.poll(() => lab.sleepers(), { timeout: 10_000 }).toBe(1);
    controller.abort(new Error("enough"));
    await expect(running).rejects.toThrow("enough");
    expect(await lab.sleepers()).toBe(0);
    await savepoint.rollback();
    expect((await session.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
    await session.commit();
  });
});

describe("a lock that somebody else keeps", () => {
  it("is not waited for for ever: the insert is undone, and its objects go", async () => {
    await using lab = await openFaultLab();
    await using other = await openRaw(lab.place());
    const hurried = await lab.test.again({}, { database: await impatient(lab.place()) });
    const Scan = hurried.schema("lab").manual("Scan", lab.definition);
    await Scan.insertOne(scan(1));
    const table = onBackend({ sqlite: "", mysql: "`lab`.`scan`", postgresql: '"lab"."scan"' });
    await other.query("begin");
    await other.query(`insert into ${table} select 2, note, file, data from ${table}`);
    await expect(Scan.insertOne(scan(2))).rejects.toMatchObject({ name: "QueryError", code: "busy" });
    await other.query("rollback");
    expect(await lab.ids()).toEqual([1]);
    await lab.expectNothingDangling();
    await Scan.insertOne(scan(2));
    await lab.expectNothingDangling();
  });
});

describe("two transactions that wait for each other", () => {
  it("end: one is rolled back as a conflict that may be run again, the other commits", async () => {
    await using lab = await openFaultLab();
    await lab.Scan.insert([scan(1), scan(2)]);
    const ready = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const cross = (first: number, second: number, own: 0 | 1) =>
      lab.test.project.transaction(async () => {
        await lab.Scan.updateOne({ id: first, note: "mine" });
        ready[own].resolve();
        await Promise.all(ready.map(({ promise }) => promise));
        await lab.Scan.updateOne({ id: second, note: "mine" });
        await lab.Scan.insertOne(scan(10 + first));
      });
    const outcomes = await Promise.allSettled([cross(1, 2, 0), cross(2, 1, 1)]);
    const [failed, ...more] = outcomes.filter((outcome) => outcome.status === "rejected");
    expect(more).toEqual([]);
    expect(failed?.reason).toMatchObject({ name: "TransactionError", code: "conflict", retryable: true });
    expect(await lab.ids()).toHaveLength(3);
    await lab.expectNothingDangling();
  });
});
