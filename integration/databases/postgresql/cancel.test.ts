import { once } from "node:events";
import { connect, createServer } from "node:net";
import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { openPostgresLab, type PostgresLab, valueOf } from "./postgres-lab.ts";

/** Until a session of the test's database runs a statement that holds `text`. */
async function running(lab: PostgresLab, text: string): Promise<void> {
  const query = `select count(*) as n from pg_stat_activity
    where datname = current_database() and state = 'active' and pid <> pg_backend_pid() and query like $1`;
  await expect.poll(async () => (await lab.raw.query(query, [`%${text}%`]))[0]?.["n"], { timeout: 20_000 }).toBe("1");
}

describe("a statement whose signal aborts", () => {
  it("ends on the server, and leaves its transaction to its owner", async () => {
    await using lab = await openPostgresLab();
    await using session = await lab.database.begin();
    const pid = (await session.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)).rows[0]?.pid;
    const savepoint = await session.savepoint();
    const abort = new AbortController();
    const sleeping = session.execute(sql`select pg_sleep(600)`, { signal: abort.signal });
    await running(lab, "pg_sleep(600)");
    abort.abort(new Error("enough"));
    await expect(sleeping).rejects.toThrow("enough");
    await savepoint.rollback();
    expect((await session.execute(sql`select pg_backend_pid() as pid`)).rows).toEqual([{ pid }]);
    await session.commit();
  });

  it("ends outside a transaction, and its connection is used again", async () => {
    await using lab = await openPostgresLab();
    const database = await lab.open({ connections: 1 });
    const pid = await valueOf({ database }, sql`select pg_backend_pid() as value`);
    const abort = new AbortController();
    const sleeping = database.execute(sql`select pg_sleep(600)`, { signal: abort.signal });
    await running(lab, "pg_sleep(600)");
    abort.abort(new Error("enough"));
    await expect(sleeping).rejects.toThrow("enough");
    expect(await valueOf({ database }, sql`select pg_backend_pid() as value`)).toBe(pid);
  });

  it("stops waiting for a lock", async () => {
    await using lab = await openPostgresLab(["create table t (a int)"]);
    await using holder = await lab.database.begin();
    await holder.execute(sql`lock table t`);
    const abort = new AbortController();
    const waiting = lab.database.execute(sql`insert into t values (1)`, { signal: abort.signal });
    await running(lab, "insert into t");
    abort.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await holder.commit();
    expect((await lab.database.execute(sql`select a from t`)).rows).toEqual([]);
  });

  it("stops many rows that wait for a lock, and inserts none of them", async () => {
    await using lab = await openPostgresLab(["create schema lab", "create table lab.t (a int)"]);
    await using holder = await lab.database.begin();
    await holder.execute(sql`lock table lab.t`);
    await using session = await lab.database.begin();
    const rows = Array.from({ length: 5000 }, (_, index) => [index]);
    const [insert] = lab.database.dialect.insert({
      schema: "lab",
      table: "t",
      columns: ["a"],
      primaryKey: ["a"],
      rows,
    });
    if (insert === undefined) throw new Error("there is no statement");
    const abort = new AbortController();
    const waiting = session.execute(insert, { signal: abort.signal });
    await running(lab, '"lab"."t"');
    abort.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await holder.commit();
    expect((await session.execute(sql`select count(*) as n from lab.t`)).rows).toEqual([{ n: 0 }]);
    expect((await session.execute(insert)).affected).toBe(5000);
    await session.commit();
  });

  it("stops a stream that waits for its first rows", async () => {
    await using lab = await openPostgresLab();
    const database = await lab.open({ connections: 1 });
    const abort = new AbortController();
    const reading = (async () => {
      const stream = database.stream(sql`select i, pg_sleep(60) from generate_series(1, 10) i`, {
        signal: abort.signal,
      });
      for await (const rows of stream) expect(rows).toEqual([]);
    })();
    await running(lab, "generate_series(1, 10)");
    abort.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
    expect(await valueOf({ database }, sql`select 1 as value`)).toBe(1);
  });
});

describe("a session that is ended on the server", () => {
  it("is gone, with its transaction and its locks, when terminate resolves", async () => {
    await using lab = await openPostgresLab(["create table t (a int)"]);
    await using session = await lab.database.begin();
    await session.execute(sql`insert into t values (1)`);
    await session.execute(sql`lock table t`);
    await session.terminate?.();
    expect((await lab.database.execute(sql`select a from t`)).rows).toEqual([]);
    await expect(session.execute(sql`select 1`)).rejects.toMatchObject({ code: "connection-lost" });
    expect(session.state).toBe("rolled-back");
    await session.terminate?.();
  });

  it("is noticed by a statement that runs, and a read outside a transaction is sent again", async () => {
    await using lab = await openPostgresLab(["create table t (a int)", "insert into t values (7)"]);
    const end = () =>
      lab.raw.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`);
    await using session = await lab.database.begin();
    const sleeping = session.execute(sql`select pg_sleep(600)`);
    await running(lab, "pg_sleep(600)");
    await Promise.all([expect(sleeping).rejects.toMatchObject({ code: "connection-lost" }), end()]);
    await end();
    expect((await lab.database.execute(sql`select a from t`)).rows).toEqual([{ a: 7 }]);
  });
});

describe("a session behind a pooler", () => {
  /** Tells clients another process id than the server's, as a pooler does. */
  async function startPooler(host: string, port: number): Promise<{ readonly port: number } & AsyncDisposable> {
    const keyData = Buffer.from([0x4b, 0, 0, 0, 12]);
    const server = createServer((client) => {
      const behind = connect(port, host);
      for (const socket of [client, behind]) socket.on("error", () => undefined);
      client.pipe(behind);
      behind.on("data", (bytes) => {
        const at = bytes.indexOf(keyData);
        if (at >= 0) bytes.writeInt32BE(77, at + keyData.length);
        client.write(bytes);
      });
      client.once("close", () => behind.destroy());
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    return {
      port: (server.address() as { readonly port: number }).port,
      [Symbol.asyncDispose]: async () => void server.close(),
    };
  }

  it("is not ended by the process id that the server has for it at the moment", async () => {
    await using lab = await openPostgresLab();
    await using pooler = await startPooler(lab.options.host, lab.options.port);
    const database = await lab.open({ host: "127.0.0.1", port: pooler.port });
    await using session = await database.begin();
    await expect(session.terminate?.()).rejects.toMatchObject({
      code: "database",
      message: expect.stringContaining("pooler") as unknown,
    });
    expect((await session.execute(sql`select 1 as a`)).rows).toEqual([{ a: 1 }]);
  });
});
