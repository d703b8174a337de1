import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database } from "@mortise/sql";
import { onTestFinished } from "vitest";
import { openSqlite } from "../plugin.ts";

/** A directory that is gone after the test. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "mortise-sqlite-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A new database in a real file, closed and removed after the test. */
export async function openTemporary(): Promise<{ readonly database: Database; readonly file: string }> {
  const file = join(await temporaryDirectory(), "database.sqlite");
  const database = await openSqlite({ file });
  onTestFinished(() => database.close());
  return { database, file };
}
