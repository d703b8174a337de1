import { QueryError } from "@mortise/core";
import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import { FakeServer } from "./testing/fake-server.ts";

const insert = (name: string) => sql.raw(`insert ${name}`);
const names = sql.raw("select names from t");

async function open(settings: Parameters<FakeServer["openDatabase"]>[0] = {}) {
  const server = new FakeServer();
  return { server, database: await server.openDatabase(settings) };
}

describe("a stream", () => {
  async function filled() {
    const lab = await open({ connections: 2 });
    for (const name of ["a", "b", "c"]) await lab.database.execute(insert(name));
    return lab;
  }

  it("delivers batches and gives its connection back", async () => {
    const { server, database } = await filled();
    expect(await Array.fromAsync(database.stream(names, { batch: 2 }))).toEqual([
      [{ n: "a" }, { n: "b" }],
      [{ n: "c" }],
    ]);
    await database.execute(insert("d"));
    expect(server.connections).toHaveLength(1);
  });

  it("can be left, and others may run meanwhile", async () => {
    const { server, database } = await filled();
    for await (const rows of database.stream(names, { batch: 1 })) {
      await database.execute(insert("d"));
      expect(rows).toEqual([{ n: "a" }]);
      break;
    }
    await database.execute(insert("e"));
    expect([server.rows.length, server.open.length]).toEqual([5, 2]);
  });

  it("is read once, and takes no connection before", async () => {
    const { server, database } = await filled();
    const cursor = database.stream(names);
    await database.begin();
    await database.begin();
    expect(server.open).toHaveLength(2);
    const stream = cursor[Symbol.asyncIterator]();
    expect(() => cursor[Symbol.asyncIterator]()).toThrow("once");
    await stream.return?.();
    await cursor[Symbol.asyncDispose]();
  });

  it("ends with the signal's reason, and by disposal, while it waits for rows", async () => {
    const { server, database } = await filled();
    const controller = new AbortController();
    server.plan(/select/, "hang");
    const aborted = Array.fromAsync(database.stream(names, { signal: controller.signal }));
    aborted.catch(() => undefined);
    await expect.poll(() => server.log.at(-1)).toContain("hangs");
    controller.abort(new Error("enough"));
    await expect(aborted).rejects.toThrow("enough");
    server.plan(/select/, "hang");
    const cursor = database.stream(names);
    const disposed = Array.fromAsync(cursor);
    disposed.catch(() => undefined);
    await expect.poll(() => server.log.filter((line) => line.includes("hangs")).length).toBe(2);
    await cursor[Symbol.asyncDispose]();
    await expect(disposed).rejects.toThrow("disposed");
    expect(server.open).toHaveLength(1);
  });

  it("fails in the middle when its connection is lost, and nothing hangs", async () => {
    const { server, database } = await filled();
    server.plan(/fetch/, "before");
    await expect(Array.fromAsync(database.stream(names, { batch: 1 }))).rejects.toMatchObject({
      code: "connection-lost",
    });
    expect(server.open).toEqual([]);
    await database.execute(insert("d"));
  });

  it("passes the errors of its statement on", async () => {
    const { server, database } = await filled();
    server.plan(/select/, { kind: "error", error: new QueryError("missing-table", "there is no table t") });
    await expect(Array.fromAsync(database.stream(names))).rejects.toMatchObject({ code: "missing-table" });
    expect(server.open).toHaveLength(1);
  });
});
