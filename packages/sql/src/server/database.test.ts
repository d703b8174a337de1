import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { FakeServer, unreachable } from "./testing/fake-server.ts";

const insert = (name: string) => sql.raw(`insert ${name}`);
const names = sql.raw("select names from t");

async function open(settings: Parameters<FakeServer["openDatabase"]>[0] = {}) {
  const server = new FakeServer();
  return { server, database: await server.openDatabase(settings) };
}

describe("a database on a server", () => {
  it("shows when it is opened that it can't be used", async () => {
    const server = new FakeServer();
    server.refusals.push(unreachable());
    await expect(server.openDatabase()).rejects.toMatchObject({ name: "ConfigError", code: "unreachable" });
  });

  it("uses one connection for statements one after the other", async () => {
    const { server, database } = await open();
    await database.execute(insert("a"));
    expect((await database.execute(names)).rows).toEqual([{ n: "a" }]);
    expect(server.connections).toHaveLength(1);
  });

  it("lets idle connections not keep the process alive", async () => {
    const { server, database } = await open();
    expect(server.connections[0]?.referenced).toBe(false);
    const session = await database.begin();
    expect(server.connections[0]?.referenced).toBe(true);
    await session.rollback();
    expect(server.connections[0]?.referenced).toBe(false);
  });

  it.each(["begin", "savepoint a", "release a", "/* x */ commit"])("refuses %j", async (text) => {
    const { server, database } = await open();
    await expect(database.execute(sql.raw(text))).rejects.toMatchObject({ code: "invalid-query" });
    await expect(Array.fromAsync(database.stream(sql.raw(text)))).rejects.toMatchObject({ code: "invalid-query" });
    expect(server.log).toEqual([]);
  });

  it("does not give on a connection that keeps a setting", async () => {
    const { server, database } = await open();
    await database.execute(sql.raw("set search_path = x"));
    await database.execute(sql.raw("select set_config('a', 'b', true)"));
    await database.execute(insert("a"));
    expect(server.log.map((line) => line.slice(0, 2))).toEqual(["c1", "c2", "c2"]);
  });

  it("is closed for good, twice", async () => {
    const { server, database } = await open();
    await database.close();
    await database.close();
    const closed = { name: "ConfigError", code: "closed", message: "the database me@here:1/lab is closed" };
    await expect(database.execute(names)).rejects.toMatchObject(closed);
    await expect(database.begin()).rejects.toMatchObject(closed);
    expect(() => database.stream(names)).toThrow("closed");
    expect(server.open).toEqual([]);
  });
});

describe("a statement whose connection is lost", () => {
  it("is sent on a new connection where the old one was known to be dead", async () => {
    const { server, database } = await open();
    server.connections[0]?.destroy();
    await database.execute(insert("a"));
    expect(server.log).toEqual(["c2: insert a"]);
  });

  it.each(["before", "after"] as const)("is sent again when it only reads: %s", async (kind) => {
    const { server, database } = await open();
    await database.execute(insert("a"));
    server.plan(/select/, kind);
    expect((await database.execute(names)).rows).toEqual([{ n: "a" }]);
    expect(server.open).toHaveLength(1);
  });

  it.each(["insert b", "select names from t for update", "with x as (delete from t) select 1", "select nextval('s')"])(
    "has an unknown outcome when it writes: %s",
    async (text) => {
      const { server, database } = await open();
      server.plan(/./, "after");
      await expect(database.execute(sql.raw(text))).rejects.toMatchObject({
        name: "QueryError",
        code: "connection-lost",
        message: expect.stringContaining("not known") as unknown,
      });
      expect(server.log).toEqual([`c1: ${text}`]);
      await database.execute(insert("c"));
    },
  );

  it("fails when it is lost twice, or must not be sent again", async () => {
    const { server, database } = await open();
    server.plan(/select/, "before");
    server.plan(/select/, "before");
    await expect(database.execute(names)).rejects.toMatchObject({ code: "connection-lost", hint: "run it again" });
    const careful = await open({ reconnect: false });
    careful.server.plan(/select/, "before");
    await expect(careful.database.execute(names)).rejects.toMatchObject({ code: "connection-lost" });
  });

  it("says so when the server can't be reached any more", async () => {
    const { server, database } = await open();
    server.connections[0]?.destroy();
    server.refusals.push(unreachable());
    await expect(database.execute(insert("a"))).rejects.toMatchObject({
      name: "QueryError",
      code: "connection-lost",
      hint: expect.stringContaining("nothing was sent") as unknown,
    });
    await database.execute(insert("b"));
    expect(server.rows).toEqual(["b"]);
  });
});

describe("connections in use", () => {
  it("are waited for in the order of the calls", async () => {
    const { server, database } = await open({ connections: 1 });
    const first = await database.begin();
    const waiting = [1, 2, 3].map((n) => database.execute(insert(`n${n}`)));
    const session = database.begin();
    await first.execute(insert("first"));
    await first.commit();
    await Promise.all(waiting);
    await (await session).rollback();
    expect(server.rows).toEqual(["first", "n1", "n2", "n3"]);
    expect(server.connections).toHaveLength(1);
  });

  it("are waited for no longer than asked", async () => {
    const { database } = await open({ connections: 1, waitMs: 20 });
    await using _held = await database.begin();
    const busy = { name: "QueryError", code: "busy", hint: expect.stringContaining("connections") as unknown };
    await expect(database.begin({ timeoutMs: 5 })).rejects.toMatchObject(busy);
    await expect(database.execute(names)).rejects.toMatchObject(busy);
    await expect(Array.fromAsync(database.stream(names))).rejects.toMatchObject(busy);
  });

  it("of the data leave those of the ledger alone", async () => {
    const { database } = await open({ connections: 1, waitMs: 20 });
    await using _data = await database.begin();
    await using _one = await database.begin({ pool: "ledger" });
    await using _two = await database.begin({ pool: "ledger" });
    await expect(database.begin({ pool: "ledger", timeoutMs: 5 })).rejects.toMatchObject({ code: "busy" });
  });

  it("are not waited for after an abort, and the next in line gets its turn", async () => {
    const { server, database } = await open({ connections: 1 });
    const held = await database.begin();
    const controller = new AbortController();
    const given = database.execute(insert("a"), { signal: controller.signal });
    const begun = database.begin({ signal: controller.signal });
    const next = database.execute(insert("b"));
    controller.abort(new Error("enough"));
    await expect(given).rejects.toThrow("enough");
    await expect(begun).rejects.toThrow("enough");
    await held.rollback();
    await next;
    expect(server.rows).toEqual(["b"]);
  });

  it("are not waited for when the database closes", async () => {
    const { database } = await open({ connections: 1 });
    await database.begin();
    const waiting = database.execute(insert("a"));
    waiting.catch(() => undefined);
    await database.close();
    await expect(waiting).rejects.toMatchObject({ code: "closed" });
  });

  it("free their place when they die or can't be made", async () => {
    const { server, database } = await open({ connections: 1 });
    for (let n = 0; n < 3; n += 1) {
      server.plan(/insert/, "before");
      await expect(database.execute(insert("a"))).rejects.toMatchObject({ code: "connection-lost" });
      server.refusals.push(unreachable());
      await expect(database.execute(insert("a"))).rejects.toMatchObject({ code: "connection-lost" });
    }
    await database.execute(insert("b"));
    expect(server.rows).toEqual(["b"]);
  });
});

describe("an aborted statement", () => {
  it("is cancelled on the server, and its connection stays", async () => {
    const { server, database } = await open();
    server.plan(/select/, "hang");
    const controller = new AbortController();
    const reading = database.execute(names, { signal: controller.signal });
    reading.catch(() => undefined);
    await expect.poll(() => server.log.at(-1)).toContain("hangs");
    controller.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
    expect([server.cancelled, server.open.length]).toEqual([["c1"], 1]);
    await database.execute(insert("a"));
    expect(server.log.at(-1)).toBe("c1: insert a");
  });

  it("leaves the transaction around it open where the server does", async () => {
    const { server, database } = await open();
    const session = await database.begin();
    await session.execute(insert("a"));
    server.plan(/select/, "hang");
    const controller = new AbortController();
    const reading = session.execute(names, { signal: controller.signal });
    reading.catch(() => undefined);
    await expect.poll(() => server.log.at(-1)).toContain("hangs");
    controller.abort(new Error("enough"));
    await expect(reading).rejects.toThrow("enough");
    await session.commit();
    expect(server.rows).toEqual(["a"]);
  });

  it("that was finished all the same has its result where it wrote, and none where it read", async () => {
    const { server, database } = await open();
    for (const [statement, outcome] of [
      [insert("a"), 1],
      [names, "enough"],
    ] as const) {
      const controller = new AbortController();
      // The server is done before it hears of the cancel.
      server.plan(/./, { kind: "finish", run: () => controller.abort(new Error("enough")) });
      const running = database.execute(statement, { signal: controller.signal });
      const ended = await running.then(
        ({ affected }) => affected,
        ({ message }: Error) => message,
      );
      expect(ended).toBe(outcome);
    }
    expect([server.rows, server.open.length]).toEqual([["a"], 1]);
  });

  it("is not sent where the signal was aborted before", async () => {
    const { server, database } = await open();
    const signal = AbortSignal.abort(new Error("before"));
    await expect(database.execute(names, { signal })).rejects.toThrow("before");
    await expect(database.begin({ signal })).rejects.toThrow("before");
    await expect(Array.fromAsync(database.stream(names, { signal }))).rejects.toThrow("before");
    expect(server.log).toEqual([]);
  });
});

describe("kysely on a server", () => {
  it("reads in a snapshot where it is asked to, and refuses isolation levels", async () => {
    const { server, database } = await open();
    const snapshot = database.kysely.transaction().setAccessMode("read only");
    await snapshot.execute(async (tx) => await names.execute(tx));
    expect(server.log).toContain("c1: BEGIN READ ONLY");
    const serializable = database.kysely.transaction().setIsolationLevel("serializable");
    await expect(serializable.execute(async () => undefined)).rejects.toMatchObject({ code: "invalid-query" });
  });

  it("takes turns with our statements and transactions", async () => {
    const { server, database } = await open({ connections: 1 });
    await database.kysely.transaction().execute(async (tx) => {
      await sql.raw("insert a").execute(tx);
    });
    const failing = database.kysely.transaction().execute(async (tx) => {
      await sql.raw("insert b").execute(tx);
      throw new Error("on purpose");
    });
    await expect(failing).rejects.toThrow("on purpose");
    await database.kysely.destroy();
    expect((await database.execute(names)).rows).toEqual([{ n: "a" }]);
    expect(server.connections).toHaveLength(1);
  });
});
