import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Database, Intent, LedgerDialect, Session } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { openSqlite } from "../index.ts";

const bytes = (value: number): Uint8Array => new Uint8Array(16).fill(value);
const intent = (value: number): Intent => ({ pathHash: bytes(value), store: "main", path: `_hash/lab/${value}'"é` });

interface Lab extends AsyncDisposable {
  readonly database: Database;
  readonly ledger: LedgerDialect;
  readonly id: string;
  within<T>(work: (session: Session) => Promise<T>): Promise<T>;
  judge(value: number, state: string, mustUpload?: boolean, age?: number): Promise<void>;
  states(): Promise<unknown>;
}

async function open(): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), "mortise-ledger-"));
  const database = await openSqlite({ file: join(folder, "database.sqlite") });
  const within: Lab["within"] = async (work) => {
    await using session = await database.begin({ pool: "ledger" });
    const result = await work(session);
    await session.commit();
    return result;
  };
  const { ledger } = database;
  return {
    database,
    ledger,
    within,
    id: await within((session) => ledger.prepare(session, "lab")),
    judge: async (value, state, mustUpload = false, age = 0) => {
      await database.execute(sql`insert into "lab.~mortise_ledger" (path_hash, store, path, state, token, since, must_upload)
        values (${bytes(value)}, 'main', 'x', ${state}, ${bytes(9)}, unixepoch() * 1000 - ${age}, ${mustUpload ? 1 : 0})`);
    },
    states: async () => {
      const { rows } = await database.execute<{ state: string; must_upload: number }>(
        sql`select state, must_upload from "lab.~mortise_ledger" order by path_hash`,
      );
      return rows.map((row) => `${row.state} ${row.must_upload}`);
    },
    async [Symbol.asyncDispose]() {
      await database.close();
      await rm(folder, { recursive: true });
    },
  };
}

describe("the ledger on SQLite", () => {
  it("is prepared once, with an id that stays", async () => {
    await using lab = await open();
    expect(lab.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(await lab.within((session) => lab.ledger.prepare(session, "lab"))).toBe(lab.id);
    expect(await lab.within((session) => lab.ledger.prepare(session, "other"))).not.toBe(lab.id);
    expect(await lab.database.catalog.tableNames(lab.database, "lab")).toEqual([]);
  });

  it("refuses tables of another format", async () => {
    await using lab = await open();
    await lab.database.execute(sql`update "lab.~mortise_meta" set value = '2' where key = 'format_version'`);
    const preparing = lab.within((session) => lab.ledger.prepare(session, "lab"));
    await expect(preparing).rejects.toMatchObject({ code: "database", message: expect.stringContaining("format 2") });
  });

  it("settles exactly the unbroken intents of one writer", async () => {
    await using lab = await open();
    const { ledger } = lab;
    const intents = [3, 1, 2].map(intent);
    const hashes = intents.map(({ pathHash }) => pathHash);
    await lab.within((session) => ledger.registerIntents(session, "lab", bytes(100), intents, 60_000));
    await lab.within((session) => ledger.registerIntents(session, "lab", bytes(101), intents.slice(0, 1), 60_000));
    await lab.database.execute(sql`update "lab.~mortise_intent" set broken = 1 where path_hash = ${bytes(2)}`);
    expect(await lab.within((session) => ledger.heartbeat(session, "lab", bytes(100), hashes, 60_000))).toBe(2);
    expect(await lab.within((session) => ledger.settle(session, "lab", bytes(100), hashes))).toBe(2);
    expect(await lab.within((session) => ledger.intentRemains(session, "lab", bytes(100)))).toBe(true);
    expect(await lab.within((session) => ledger.settle(session, "lab", bytes(101), hashes))).toBe(1);
    expect(await lab.within((session) => ledger.intentRemains(session, "lab", bytes(101)))).toBe(false);
  });

  it("keeps the path and a lease by the database's clock in the intent", async () => {
    await using lab = await open();
    await lab.within((session) => lab.ledger.registerIntents(session, "lab", bytes(100), [intent(1)], 60_000));
    const { rows } = await lab.database.execute<{ path: string; left: number }>(
      sql`select path, lease_until - unixepoch() * 1000 as left from "lab.~mortise_intent"`,
    );
    expect(rows[0]?.path).toBe(intent(1).path);
    expect(rows[0]?.left).toBeGreaterThan(50_000);
    expect(rows[0]?.left).toBeLessThanOrEqual(61_000);
  });

  it("gives up the intents of paths that were cleaned up", async () => {
    await using lab = await open();
    const intents = [1, 2].map(intent);
    await lab.within((session) => lab.ledger.registerIntents(session, "lab", bytes(100), intents, 60_000));
    await lab.within((session) => lab.ledger.abandon(session, "lab", bytes(100), [bytes(1)]));
    const left = lab.within((session) => lab.ledger.settle(session, "lab", bytes(100), [bytes(1), bytes(2)]));
    expect(await left).toBe(1);
  });

  it("reads judgements with their age", async () => {
    await using lab = await open();
    await lab.judge(1, "moving", true, 90_000);
    await lab.judge(2, "condemned");
    const rows = await lab.ledger.readLedger(lab.database, "lab", [bytes(1), bytes(3)]);
    expect(rows).toEqual([
      { pathHash: bytes(1), state: "moving", mustUpload: true, token: bytes(9), ageMs: expect.any(Number) },
    ]);
    expect(rows[0]?.ageMs).toBeGreaterThanOrEqual(90_000);
    expect(await lab.ledger.readLedger(lab.database, "lab", [])).toEqual([]);
  });

  it("withdraws what is condemned, but not what must be uploaded", async () => {
    await using lab = await open();
    await lab.judge(1, "condemned");
    await lab.judge(2, "condemned", true);
    await lab.judge(3, "moving");
    for (const value of [1, 2, 3]) await lab.within((session) => lab.ledger.withdraw(session, "lab", bytes(value)));
    expect(await lab.states()).toEqual(["suspect 1", "moving 0"]);
  });

  it("takes over a move under a new token", async () => {
    await using lab = await open();
    await lab.judge(1, "moving", false, 99_000);
    await lab.within((session) => lab.ledger.takeOver(session, "lab", bytes(1), bytes(7)));
    const row = await lab.within((session) => lab.ledger.lockLedgerRow(session, "lab", bytes(1)));
    expect(row).toMatchObject({ state: "suspect", mustUpload: true, token: bytes(7) });
    expect(row?.ageMs).toBeLessThan(60_000);
    expect(await lab.within((session) => lab.ledger.lockLedgerRow(session, "lab", bytes(2)))).toBeUndefined();
  });

  it("clears suspicion after an upload, and every judgement but quarantine under the lock", async () => {
    await using lab = await open();
    const all = ["condemned", "moving", "quarantined", "suspect", "deleted"];
    for (const [value, state] of all.entries()) await lab.judge(value, state);
    const hashes = all.map((_, value) => bytes(value));
    await lab.within((session) => lab.ledger.clearSuspect(session, "lab", hashes));
    expect(await lab.states()).toHaveLength(4);
    await lab.within((session) => lab.ledger.clearJudged(session, "lab", hashes));
    expect(await lab.states()).toEqual(["quarantined 0"]);
  });

  it("handles as many paths as a batch has in one statement", async () => {
    await using lab = await open();
    const intents = Array.from({ length: 5000 }, (_, index) => {
      const pathHash = new Uint8Array(16);
      new DataView(pathHash.buffer).setUint32(4, index);
      return { pathHash, store: "main", path: `p${index}` };
    });
    const hashes = intents.map(({ pathHash }) => pathHash);
    await lab.within((session) => lab.ledger.registerIntents(session, "lab", bytes(100), intents, 60_000));
    expect(await lab.within((session) => lab.ledger.settle(session, "lab", bytes(100), hashes))).toBe(5000);
  });
});
