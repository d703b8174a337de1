import { QueryError, TransactionError } from "@mortise/core";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { FakeServer, lost } from "./testing/fake-server.ts";

async function begin(options: { readonly ddl?: boolean; readonly readOnly?: boolean } = {}) {
  const server = new FakeServer();
  const database = await server.openDatabase({ waitMs: 50 });
  const session = await database.begin(options);
  return { server, database, session };
}

const insert = (name: string) => sql.raw(`insert ${name}`);

describe("a session on a server", () => {
  it("commits, and gives its connection back", async () => {
    const { server, database, session } = await begin();
    await session.execute(insert("a"));
    expect(server.rows).toEqual([]);
    await session.commit();
    expect([session.state, server.rows]).toEqual(["committed", ["a"]]);
    await database.execute(insert("b"));
    expect(server.connections).toHaveLength(1);
  });

  it("rolls back when it is told so, twice, or disposed of while open", async () => {
    const { server, database, session } = await begin();
    await session.execute(insert("a"));
    await session.rollback();
    await session.rollback();
    {
      await using disposed = await database.begin();
      await disposed.execute(insert("b"));
    }
    expect([session.state, server.rows, server.connections.length]).toEqual(["rolled-back", [], 1]);
  });

  it("can't be used after its end", async () => {
    const { session } = await begin();
    await session.commit();
    for (const use of [() => session.execute(insert("a")), () => session.commit(), () => session.savepoint()]) {
      await expect(use()).rejects.toMatchObject({ name: "TransactionError", code: "ended" });
    }
    await expect(session.rollback()).rejects.toMatchObject({ code: "ended" });
    await session[Symbol.asyncDispose]();
  });

  it("runs one statement after the other, and COMMIT after all of them", async () => {
    const { server, session } = await begin();
    await Promise.all([session.execute(insert("a")), session.execute(insert("b")), session.commit()]);
    expect(server.log).toEqual(["c1: BEGIN", "c1: insert a", "c1: insert b", "c1: COMMIT"]);
  });

  it("nests savepoints by name", async () => {
    const { server, session } = await begin();
    const outer = await session.savepoint();
    const inner = await session.savepoint();
    await inner.rollback();
    await outer.release();
    expect(server.log.slice(1)).toEqual([
      "c1: SAVEPOINT savepoint_1",
      "c1: SAVEPOINT savepoint_2",
      "c1: ROLLBACK TO SAVEPOINT savepoint_2",
      "c1: RELEASE SAVEPOINT savepoint_2",
      "c1: RELEASE SAVEPOINT savepoint_1",
    ]);
  });

  it.each(["commit", "/*! COMMIT */", "/* /* */ */ rollback", "start transaction", "# x\nbegin", "set autocommit = 1"])(
    "refuses a statement that would end it: %j",
    async (text) => {
      const { server, session } = await begin();
      await expect(session.execute(sql.raw(text))).rejects.toMatchObject({ code: "invalid-query" });
      expect([session.state, server.log]).toEqual(["open", ["c1: BEGIN"]]);
    },
  );

  it("refuses statements that commit by themselves", async () => {
    const { session } = await begin();
    await expect(session.execute(sql.raw("/* new */ create table t"))).rejects.toMatchObject({
      code: "invalid-query",
      hint: expect.stringContaining("ddl: true") as unknown,
    });
    expect(session.state).toBe("open");
  });

  it("begun for such statements goes on in a new transaction after each", async () => {
    const { server, session } = await begin({ ddl: true });
    await session.execute(sql.raw("create table t"));
    server.plan(/drop/, { kind: "error", error: new QueryError("missing-table", "no such table") });
    await expect(session.execute(sql.raw("drop table u"))).rejects.toMatchObject({ code: "missing-table" });
    await session.execute(insert("a"));
    await session.commit();
    expect(server.log).toEqual([
      "c1: BEGIN",
      "c1: create table t",
      "c1: BEGIN",
      "c1: BEGIN",
      "c1: insert a",
      "c1: COMMIT",
    ]);
  });

  it("that only reads begins with all it takes", async () => {
    const { server, session } = await begin({ readOnly: true });
    expect(server.log).toEqual(["c1: SET", "c1: BEGIN READ ONLY"]);
    await session.commit();
  });

  it("is of unknown outcome when a statement has ended it in an unforeseen way", async () => {
    const { server, session } = await begin();
    await expect(session.execute(sql.raw("call finish"))).rejects.toMatchObject({ code: "commit-unknown" });
    expect([session.state, server.open]).toEqual(["unknown", []]);
  });
});

describe("a session that loses its connection", () => {
  it.each(["before", "after"] as const)("is rolled back: the statement's connection ends %s it", async (kind) => {
    const { server, database, session } = await begin();
    await session.execute(insert("a"));
    server.plan(/insert b/, kind);
    await expect(session.execute(insert("b"))).rejects.toMatchObject({
      code: "connection-lost",
      hint: expect.stringContaining("rolled the transaction back") as unknown,
    });
    expect(session.state).toBe("rolled-back");
    await session.rollback();
    await expect(session.commit()).rejects.toMatchObject({ code: "ended" });
    await database.execute(insert("c"));
    expect(server.rows).toEqual(["c"]);
  });

  it("between two statements is rolled back at the next", async () => {
    const { server, session } = await begin();
    server.connections[0]?.destroy();
    await expect(session.execute(insert("a"))).rejects.toMatchObject({ code: "connection-lost" });
    expect([session.state, server.rows]).toEqual(["rolled-back", []]);
  });

  it("before COMMIT is sent is rolled back for certain", async () => {
    const { server, session } = await begin();
    await session.execute(insert("a"));
    server.connections[0]?.destroy();
    await expect(session.commit()).rejects.toMatchObject({ code: "connection-lost" });
    expect(session.state).toBe("rolled-back");
  });

  it.each([
    ["before", []],
    ["after", ["a"]],
    ["silent", ["a"]],
  ] as const)("during COMMIT is of unknown outcome: %s", async (kind, rows) => {
    const { server, session } = await begin();
    await session.execute(insert("a"));
    server.plan(/COMMIT/, kind);
    await expect(session.commit()).rejects.toMatchObject({ name: "TransactionError", code: "commit-unknown" });
    expect([session.state, server.rows]).toEqual(["unknown", rows]);
    expect(server.open).toHaveLength(0);
    await session.terminate?.();
    expect(server.terminated).toEqual(["c1"]);
  });

  it("during ROLLBACK is rolled back", async () => {
    const { server, session } = await begin();
    server.plan(/ROLLBACK/, "silent");
    await session.rollback();
    expect([session.state, server.open]).toEqual(["rolled-back", []]);
  });

  it("while BEGIN is sent begins on another connection, and the other idle ones are given up", async () => {
    const server = new FakeServer();
    await using database = await server.openDatabase();
    await Promise.all([1, 2, 3].map(() => database.execute(sql.raw("select 1"))));
    expect(server.open).toHaveLength(3);
    server.plan(/BEGIN/, "before");
    await using session = await database.begin();
    await session.execute(insert("a"));
    expect(server.open.map(({ id }) => id)).toEqual(["c4"]);
  });
});

describe("a session whose statement fails", () => {
  it("stays open where the server keeps the transaction", async () => {
    const { server, session } = await begin();
    server.plan(/insert a/, { kind: "error", error: new QueryError("duplicate", "there already") });
    await expect(session.execute(insert("a"))).rejects.toMatchObject({ code: "duplicate" });
    await session.execute(insert("b"));
    await session.commit();
    expect(server.rows).toEqual(["b"]);
  });

  it("is rolled back at once where the server has rolled back, with the server's error", async () => {
    const { server, session } = await begin();
    const deadlock = new TransactionError("conflict", "deadlock", { retryable: true });
    server.plan(/insert b/, { kind: "error", error: deadlock, transaction: "none" });
    await expect(session.execute(insert("b"))).rejects.toBe(deadlock);
    expect(session.state).toBe("rolled-back");
  });

  it("is not committed where only a rollback is possible, although the server would call it a success", async () => {
    const { server, session } = await begin();
    await session.execute(insert("a"));
    server.plan(/insert b/, { kind: "error", error: new QueryError("duplicate", "x"), transaction: "failed" });
    await expect(session.execute(insert("b"))).rejects.toMatchObject({ code: "duplicate" });
    await expect(session.commit()).rejects.toMatchObject({ name: "TransactionError", code: "rolled-back" });
    expect([session.state, server.rows, server.log.at(-1)]).toEqual(["rolled-back", [], "c1: ROLLBACK"]);
  });

  it("at COMMIT is rolled back where the server says so, and else of unknown outcome", async () => {
    const refused = await begin();
    const broken = new QueryError("integrity", "a deferred foreign key");
    refused.server.plan(/COMMIT/, { kind: "error", error: broken, transaction: "none" });
    await expect(refused.session.commit()).rejects.toMatchObject({ code: "rolled-back", cause: broken });
    expect(refused.session.state).toBe("rolled-back");
    const unclear = await begin();
    unclear.server.plan(/COMMIT/, { kind: "error", error: new QueryError("database", "disk full") });
    await expect(unclear.session.commit()).rejects.toMatchObject({ code: "commit-unknown" });
    expect([unclear.session.state, unclear.server.open]).toEqual(["unknown", []]);
  });
});

describe("a session and its connection", () => {
  it.each([
    "set time_zone = 'x'",
    "select get_lock('a', 1)",
    "lock tables t write",
    "create temporary table t (a int)",
  ])("part after a statement that outlives the transaction: %j", async (text) => {
    const { server, session } = await begin({ ddl: true });
    await session.execute(sql.raw(text));
    await session.commit();
    expect(server.open).toEqual([]);
  });

  it("part when the database closes: open transactions are rolled back", async () => {
    const { server, database, session } = await begin();
    await session.execute(insert("a"));
    await database.close();
    expect([session.state, server.rows, server.open, server.log.at(-1)]).toEqual([
      "rolled-back",
      [],
      [],
      "c1: ROLLBACK",
    ]);
    await expect(session.execute(insert("b"))).rejects.toMatchObject({ code: "ended" });
  });

  it.each([
    ["finish", "committed"],
    ["silent", "unknown"],
  ] as const)("part after a COMMIT that runs as the database closes: %s", async (kind, state) => {
    const { server, database, session } = await begin();
    await session.execute(insert("a"));
    let closing: Promise<void> | undefined;
    const run = (): void => {
      closing = database.close();
    };
    server.plan(/COMMIT/, kind === "silent" ? kind : { kind, run });
    const committing = session.commit();
    committing.catch(() => undefined);
    await expect.poll(() => server.log.at(-1)).toBe("c1: COMMIT");
    closing ??= database.close();
    const outcome = await committing.then(
      () => "no error",
      (error: { readonly code?: string }) => error.code,
    );
    await closing;
    expect([session.state, outcome, server.open]).toEqual([
      state,
      state === "committed" ? "no error" : "commit-unknown",
      [],
    ]);
    expect(server.rows).toEqual(["a"]);
  });

  it("part at once when a statement runs as the database closes", async () => {
    const { server, database, session } = await begin();
    server.plan(/insert/, "hang");
    const running = session.execute(insert("a"));
    running.catch(() => undefined);
    await expect.poll(() => server.log.at(-1)).toContain("hangs");
    await database.close();
    await expect(running).rejects.toMatchObject({ code: lost().code });
    expect(server.open).toEqual([]);
  });
});
