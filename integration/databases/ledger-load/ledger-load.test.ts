import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Database } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { expect, it } from "vitest";
import { createTestDatabase } from "../../../packages/schema/test/database/test-database.ts";
import { storedObjects } from "../../crash/scene.ts";
import { type Assignment, definition, openScene, schemaName } from "./scene.ts";

const processes = 4;
const writersPerProcess = 8;
/** Long enough for rare interleavings; the machine's own old versions run the same code for a shorter time. */
const seconds = (server: string): number => (server.includes(":") ? 60 : 15);

async function runWriters(assignment: Assignment): Promise<number> {
  const worker = join(import.meta.dirname, "writers.worker.ts");
  const child = spawn(process.execPath, [worker, JSON.stringify(assignment)], { stdio: ["ignore", "pipe", "pipe"] });
  const [[code], said, complaint] = await Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`a writer ended with ${code}:\n${complaint}`);
  return Number(said);
}

async function count(database: Database, table: string): Promise<number> {
  const { rows } = await database.execute<{ n: unknown }>(
    sql`select count(*) as n from ${database.dialect.table(schemaName, table)}`,
  );
  return Number(rows[0]?.n);
}

/** Paths that the rows refer to. */
async function referredPaths(database: Database): Promise<ReadonlySet<string>> {
  const { rows } = await database.execute<Record<string, unknown>>(
    sql`select shared, own, file from ${database.dialect.table(schemaName, "trial")}`,
  );
  const metadata = rows.flatMap((row) => Object.values(row)) as readonly (string | { readonly path: string })[];
  return new Set(
    metadata.map((json) => (typeof json === "string" ? (JSON.parse(json) as { path: string }) : json).path),
  );
}

it("32 writers of the same and of different contents meet no deadlock, create each object once, and leave no intent", async () => {
  await using place = await createTestDatabase();
  await using folder = await mkdtempDisposable(join(tmpdir(), "mortise-load-"));
  await mkdir(join(folder.path, "main"));
  const { settings, plugin, server } = place;
  if (server === undefined) throw new Error("this test runs on servers only");
  const assignment = { folder: folder.path, settings, writers: writersPerProcess, seconds: seconds(server.name) };
  {
    await using project = await openScene(assignment, plugin);
    await project.schema(schemaName).manual("Trial", definition).count();
  }
  const inserted = await Promise.all(
    Array.from({ length: processes }, (_, index) =>
      runWriters({ ...assignment, backend: server.backend, firstId: index * 1e9 }),
    ),
  );

  const database = await place.open();
  try {
    const rows = inserted.reduce((sum, each) => sum + each, 0);
    expect(rows).toBeGreaterThan(processes * writersPerProcess);
    expect(await count(database, "trial")).toBe(rows);
    expect(await count(database, "~mortise_intent")).toBe(0);
    expect(await count(database, "~mortise_ledger")).toBe(0);

    const created = readdirSync(folder.path)
      .filter((name) => name.startsWith("created-"))
      .flatMap((name) => readFileSync(join(folder.path, name), "utf8").trimEnd().split("\n"))
      .filter((path) => !path.startsWith("_mortise/"))
      .sort();
    const stored = storedObjects(join(folder.path, "main")).toSorted();
    const referred = await referredPaths(database);
    expect(created, "every path was created once, and nothing else was").toEqual(stored);
    expect([...referred].toSorted(), "every row has its objects, and every object a row").toEqual(stored);
  } finally {
    await database.close();
  }
}, 180_000);
