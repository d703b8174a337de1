import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { silentLogger } from "@mortise/core";
import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { openSqlite, sqlite } from "../plugin.ts";
import { openTemporary, temporaryDirectory } from "../testing/database.ts";
import { applicationId } from "./file-identity.ts";
import { openConnection } from "./open-file.ts";

function otherDatabase(file: string, statements: string): void {
  const database = new DatabaseSync(file);
  database.exec(statements);
  database.close();
}

describe("the database file", () => {
  it("is created with its directory, which is private", async () => {
    const directory = join(await temporaryDirectory(), ".mortise");
    await using database = await openSqlite({ file: join(directory, "database.sqlite") });
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await database.execute(sql`select * from "~tables"`)).rows).toEqual([]);
  });

  it("can be opened again, by us and by everybody's tools", async () => {
    const { file } = await openTemporary();
    await using again = await openSqlite({ file });
    await again.execute(sql`select 1`);
    const tool = new DatabaseSync(file, { readOnly: true });
    expect(tool.prepare("PRAGMA application_id").get()).toEqual({ application_id: applicationId });
    expect(tool.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" });
    tool.close();
  });

  it.each([
    ["with tables", "CREATE TABLE t(a)"],
    ["with an application id", "PRAGMA application_id = 7"],
    ["with a version", "PRAGMA user_version = 7"],
  ])("is left alone when another program made it %s", async (_how, statements) => {
    const file = join(await temporaryDirectory(), "other.sqlite");
    otherDatabase(file, statements);
    const before = await readFile(file);
    await expect(openSqlite({ file })).rejects.toMatchObject({ name: "ConfigError", code: "foreign-database" });
    expect(await readFile(file)).toEqual(before);
  });

  it("is refused when a later release made it", async () => {
    const file = join(await temporaryDirectory(), "later.sqlite");
    otherDatabase(file, `PRAGMA application_id = ${applicationId}; PRAGMA user_version = 2`);
    await expect(openSqlite({ file })).rejects.toMatchObject({
      code: "database-version",
      message: expect.stringContaining("has format 2, this release reads format 1") as unknown,
      hint: "update @mortise/db-sqlite",
    });
  });

  it("is refused when it is no database at all", async () => {
    const file = join(await temporaryDirectory(), "text.sqlite");
    await writeFile(file, "This is no database, however long it may be. ".repeat(100));
    await expect(openSqlite({ file })).rejects.toMatchObject({
      code: "database-file",
      hint: expect.stringContaining("not an SQLite") as unknown,
    });
    await expect(openSqlite({ file: await temporaryDirectory() })).rejects.toMatchObject({ code: "database-file" });
  });

  it("needs a directory that may be created", async () => {
    const blocked = join(await temporaryDirectory(), "file");
    await writeFile(blocked, "");
    await expect(openSqlite({ file: join(blocked, "x", "database.sqlite") })).rejects.toMatchObject({
      code: "database-file",
      message: expect.stringContaining("can't create the directory") as unknown,
    });
  });

  it.each(["", ":memory:", "file:x?mode=memory"])("is never %j: a database has several connections", async (file) => {
    await expect(openSqlite({ file })).rejects.toMatchObject({
      code: "database-file",
      hint: expect.stringContaining("temporary directory") as unknown,
    });
  });

  it("can be made by several openers at once", async () => {
    const file = join(await temporaryDirectory(), "new", "database.sqlite");
    const databases = await Promise.all(Array.from({ length: 8 }, () => openSqlite({ file })));
    for (const database of databases) {
      await database.execute(sql`select * from "~columns"`);
      await database.close();
    }
  });

  it("is what the configuration names, relative to its directory", async () => {
    const directory = await temporaryDirectory();
    await using database = await sqlite.open(
      { backend: "sqlite", file: "db/lab.sqlite" },
      { logger: silentLogger, directory },
    );
    expect(database.backend).toBe("sqlite");
    expect((await stat(join(directory, "db", "lab.sqlite"))).isFile()).toBe(true);
    await using fallback = await sqlite.open({ backend: "sqlite" }, { logger: silentLogger, directory });
    await fallback.execute(sql`select 1`);
    expect((await stat(join(directory, ".mortise", "database.sqlite"))).isFile()).toBe(true);
  });
});

/** Holds the whole file as a process does that recovers the log of a killed one, and lets it go after `ms`. */
const holder = (file: string, ms: number): string => `
  const { DatabaseSync } = require("node:sqlite");
  const database = new DatabaseSync(${JSON.stringify(file)});
  database.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT");
  console.log("held");
  setTimeout(() => database.close(), ${ms});
`;

describe("one more connection", () => {
  it.each(["data", "ledger", "reader"] as const)(
    "waits as %s while another process recovers the file",
    async (role) => {
      const file = join(await temporaryDirectory(), "database.sqlite");
      await using database = await openSqlite({ file });
      await database.close();
      const child = spawn(process.execPath, ["-e", holder(file, 300)], { stdio: ["ignore", "pipe", "inherit"] });
      const exit = once(child, "exit");
      await once(child.stdout, "data");
      openConnection(file, role).close();
      expect((await exit)[0]).toBe(0);
    },
  );
});
