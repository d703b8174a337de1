// A collector reduced to what can take an object away from a writer, by the steps C1–C6 of the protocol, without any
// grace: intents whose lease ran out are broken, what no row refers to is condemned, judged again on one snapshot, and
// deleted. Runs until it is killed. `condemner.worker.ts <folder>`.
import { createHash, randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fenceMs, openDatabase, schemaName, storedObjects } from "./scene.ts";

const [folder = ""] = process.argv.slice(2);
const root = join(folder, "main");
const database = openDatabase(folder);
const now = "cast(unixepoch('subsec') * 1000 as integer)";
const intent = `"${schemaName}.~mortise_intent"`;
const ledger = `"${schemaName}.~mortise_ledger"`;

const pathHash = (path: string): Uint8Array => createHash("sha256").update(`main\0${path}`).digest().subarray(0, 16);

/** Rows and unbroken intents, read in one snapshot. */
function protectedPaths(): ReadonlySet<string> {
  const rows = database
    .prepare(`select shared ->> 'path' a, own ->> 'path' b, file ->> 'path' c from "${schemaName}.item"`)
    .all() as unknown as readonly { readonly a: string; readonly b: string; readonly c: string }[];
  const intents = database.prepare(`select path from ${intent} where broken = 0`).all() as unknown as readonly {
    readonly path: string;
  }[];
  return new Set([...rows.flatMap(({ a, b, c }) => [a, b, c]), ...intents.map(({ path }) => path)]);
}

function transaction<T>(work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

function collect(): void {
  const candidates = storedObjects(root);
  database.exec(`update ${intent} set broken = 1 where lease_until < ${now} and broken = 0`);
  const token = randomBytes(16);
  const live = protectedPaths();
  const condemned = candidates.filter((path) => !live.has(path));
  transaction(() => {
    const insert = database.prepare(
      `insert into ${ledger} (path_hash, store, path, state, token, since) values (?, 'main', ?, 'condemned', ?, ${now}) on conflict do nothing`,
    );
    for (const path of condemned) insert.run(pathHash(path), path, token);
  });
  database.exec("BEGIN");
  const snapshot = protectedPaths();
  database.exec("COMMIT");
  const began = performance.now();
  const moving = transaction(() => {
    for (const path of condemned.filter((path) => snapshot.has(path))) {
      database
        .prepare(`delete from ${ledger} where path_hash = ? and token = ? and state = 'condemned'`)
        .run(pathHash(path), token);
    }
    return database
      .prepare(
        `update ${ledger} set state = 'moving', since = ${now} where state = 'condemned' and token = ?
         and not exists (select 1 from ${intent} i where i.path_hash = ${ledger}.path_hash and i.broken = 0) returning path`,
      )
      .all(token) as unknown as readonly { readonly path: string }[];
  });
  for (const { path } of moving) {
    // What a store does with a signed delete: after the fence it is not executed.
    if (performance.now() - began < fenceMs / 2) rmSync(join(root, path), { force: true });
  }
  database.prepare(`delete from ${ledger} where state = 'moving' and token = ?`).run(token);
}

console.log("ready");
for (;;) {
  collect();
  await sleep(20);
}
