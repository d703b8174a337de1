import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { ConfigError } from "@mortise/core";
import type { WaitOptions } from "@mortise/sql/driver";
import { hintFor, isUnusableFile } from "../errors.ts";
import { retryBusy } from "../transaction/busy.ts";
import { SqliteConnection } from "./connection.ts";
import { decimalOrder, decimalOrderFunction } from "./decimal-order.ts";
import { applicationId, createCatalog, fileVersion } from "./file-identity.ts";

/** What a connection is for. */
export type ConnectionRole = "data" | "ledger" | "reader";

/**
 * Milliseconds that one more connection waits for another process to recover the log of a killed one, or to fold it into
 * the file as the last to close. Both take milliseconds and stop everybody; no transaction of this process is involved.
 */
const recoveryWaitMs = 5_000;

/** What is left of the write-ahead log once its pages are in the file. */
const logBytes = 64 * 1024 * 1024;

/** Opens one more connection to a file that `prepareFile` has accepted. */
export function openConnection(file: string, role: ConnectionRole): SqliteConnection {
  const database = openDatabase(file, recoveryWaitMs);
  // The ledger's intents may be lost with a power cut: the settling transaction counts them. Rows may not.
  database.exec(`PRAGMA synchronous = ${role === "ledger" ? "NORMAL" : "FULL"}`);
  if (role === "reader") database.exec("PRAGMA query_only = ON");
  // After a large transaction the log would keep its size for good.
  else database.exec(`PRAGMA journal_size_limit = ${logBytes}`);
  // From here on no waiting of SQLite's own: it would stop the event loop, and with it the holder of the lock.
  database.exec("PRAGMA busy_timeout = 0");
  return new SqliteConnection(database);
}

function openDatabase(file: string, timeout: number): DatabaseSync {
  const database = new DatabaseSync(file, { timeout, enableForeignKeyConstraints: true, returnArrays: true });
  database.function(decimalOrderFunction, { deterministic: true }, decimalOrder);
  return database;
}

/**
 * Makes sure that the file is a database of ours: creates it and its directory, or checks who made it. Nothing is
 * written to a file that is not ours.
 */
export async function prepareFile(file: string, wait: WaitOptions): Promise<void> {
  await createDirectory(file);
  try {
    const database = openDatabase(file, 0);
    try {
      await retryBusy(() => prepare(database, file), wait);
    } finally {
      database.close();
    }
  } catch (error) {
    if (!isUnusableFile(error)) throw error;
    throw new ConfigError("database-file", `can't use ${file} as a database: ${(error as Error).message}`, {
      cause: error,
      hint: hintFor(error),
    });
  }
}

async function createDirectory(file: string): Promise<void> {
  try {
    // Private, because the rows of a project are nobody else's business until its owner says so.
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new ConfigError("database-file", `can't create the directory of ${file}: ${(error as Error).message}`, {
      cause: error,
      hint: "name a file in a directory that you may write, with database.file in the mortise block",
    });
  }
}

/** Runs again from the start while another process holds the file. */
function prepare(database: DatabaseSync, file: string): void {
  if (!isNew(database, file)) {
    requireWal(database, file);
    return;
  }
  requireWal(database, file);
  database.exec("BEGIN IMMEDIATE");
  try {
    // Another process may have been faster between the look and the lock.
    if (isNew(database, file)) createCatalog(database);
    database.exec("COMMIT");
  } finally {
    if (database.isTransaction) database.exec("ROLLBACK");
  }
}

/** True for an empty file; throws for one that is not ours, or of a later version. */
function isNew(database: DatabaseSync, file: string): boolean {
  const id = pragma(database, "application_id");
  const version = pragma(database, "user_version");
  if (id === applicationId) {
    if (version === fileVersion) return false;
    throw new ConfigError(
      "database-version",
      `${file} has format ${String(version)}, this release reads format ${fileVersion}`,
      { hint: "update @mortise/db-sqlite" },
    );
  }
  const [tables] = database.prepare("SELECT count(*) FROM sqlite_schema").get() as unknown as [number];
  if (id === 0 && version === 0 && tables === 0) return true;
  throw new ConfigError("foreign-database", `${file} is an SQLite database of another program`, {
    hint: "name another file with database.file in the mortise block; nothing was changed",
  });
}

/** Without a write-ahead log readers would stop the writer, and the other way round. */
function requireWal(database: DatabaseSync, file: string): void {
  const mode = pragma(database, "journal_mode = WAL");
  if (mode === "wal") return;
  throw new ConfigError("database-file", `${file} can't use write-ahead logging (journal mode ${String(mode)})`, {
    hint: "SQLite needs a local disk; for several machines use PostgreSQL or MySQL",
  });
}

function pragma(database: DatabaseSync, text: string): unknown {
  return (database.prepare(`PRAGMA ${text}`).get() as unknown as [unknown])[0];
}
