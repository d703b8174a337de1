import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { executeAll } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { describe, expect, it, onTestFinished } from "vitest";
import { column, create, table } from "../../../sql/src/testing/table.ts";
import { openSqlite } from "../plugin.ts";
import { openTemporary } from "../testing/database.ts";

const child = fileURLToPath(new URL("../testing/writer-process.ts", import.meta.url));

function startWriter(...args: readonly string[]): ChildProcess {
  const writer = spawn(process.execPath, [child, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void writer.kill("SIGKILL"));
  return writer;
}

async function exitCode(writer: ChildProcess): Promise<unknown> {
  return writer.exitCode ?? ((await once(writer, "exit")) as unknown[])[0];
}

const counter = table("counter", [column("k", "int8"), column("n", "int32")]);

describe("two processes on one file", () => {
  it("lose no increment and meet no error", async () => {
    const { database, file } = await openTemporary();
    await create(database, counter);
    await executeAll(database, [sql`insert into "lab.counter" values (1, 0)`]);
    const writers = [startWriter(file, "100"), startWriter(file, "100")];
    for (let i = 0; i < 100; i++) {
      await using session = await database.begin();
      const { rows } = await session.execute<{ n: number }>(sql`select n from "lab.counter" where k = 1`);
      await session.execute(sql`update "lab.counter" set n = ${(rows[0]?.n ?? 0) + 1} where k = 1`);
      await session.commit();
    }
    expect(await Promise.all(writers.map(exitCode))).toEqual([0, 0]);
    expect((await database.execute(sql`select n from "lab.counter"`)).rows).toEqual([{ n: 300 }]);
  });

  it("leave nothing of a transaction whose process was killed, and free its lock", async () => {
    const { database, file } = await openTemporary();
    await create(database, counter);
    const writer = startWriter(file, "hold");
    if (writer.stdout === null) throw new Error("no output");
    await once(writer.stdout, "data");
    await expect(database.begin({ timeoutMs: 30 })).rejects.toMatchObject({ code: "busy" });
    expect((await database.execute(sql`select * from "lab.counter"`)).rows).toEqual([]);
    writer.kill("SIGKILL");
    await exitCode(writer);
    await using session = await database.begin();
    expect((await session.execute(sql`select * from "lab.counter"`)).rows).toEqual([]);
  });

  it("keep the event loop turning while one waits for the other's lock", async () => {
    const { database, file } = await openTemporary();
    await using other = await openSqlite({ file });
    await using holder = await other.begin();
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await expect(database.begin({ timeoutMs: 100 })).rejects.toMatchObject({ code: "busy" });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
    const controller = new AbortController();
    const waiting = database.begin({ signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 20);
    await expect(waiting).rejects.toThrow("enough");
    await holder.rollback();
    await using session = await database.begin();
    expect(session.state).toBe("open");
  });
});
