import type { Session } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { openPostgresLab } from "./postgres-lab.ts";

const bytes = (value: number): Uint8Array => new Uint8Array(16).fill(value);
const intent = (value: number) => ({ pathHash: bytes(value), store: 'ma"in', path: `p\\${value} {,} é` });

async function open(prepare: readonly string[] = []) {
  const lab = await openPostgresLab(["create schema lab", ...prepare]);
  const { ledger } = lab.database;
  const id = await lab.within((session) => ledger.prepare(session, "lab"));
  return {
    ...lab,
    ledger,
    id,
    /** A judgement as the collector will make it. */
    judge: (value: number, state: string, mustUpload = false, ageMs = 0) =>
      lab.database.execute(sql`insert into lab."~mortise_ledger"
        (path_hash, store, path, state, token, since, must_upload) values (${bytes(value)}, 'main', 'p', ${state},
        ${bytes(9)}, clock_timestamp() - ${ageMs}::int * interval '1 millisecond', ${mustUpload})`),
    states: async () => {
      const { rows } = await lab.database.execute<{ state: string; must_upload: boolean }>(
        sql`select state, must_upload from lab."~mortise_ledger" order by path_hash`,
      );
      return rows.map((row) => (row.must_upload ? `${row.state}!` : row.state));
    },
    begin: () => lab.database.begin({ pool: "ledger" }),
  };
}

const flushOf = async (session: Session): Promise<unknown> =>
  (await session.execute(sql`show synchronous_commit`)).rows[0]?.["synchronous_commit"];

describe("the ledger on PostgreSQL", () => {
  it("is prepared once, with an id that stays, whoever comes at the same time", async () => {
    await using lab = await open();
    expect(lab.id).toMatch(/^[0-9a-f-]{36}$/);
    await lab.raw.query("create schema other");
    const prepare = () => lab.within((session) => lab.ledger.prepare(session, "other"));
    const ids = await Promise.all(Array.from({ length: 6 }, prepare));
    expect(new Set(ids).size).toBe(1);
    expect(ids).not.toContain(lab.id);
    expect(await lab.ledger.prepare(lab.database, "lab")).toBe(lab.id);
    expect(await lab.database.catalog.tableNames(lab.database, "lab")).toEqual([]);
  });

  it("is prepared in a schema whose name needs quotes", async () => {
    const name = `it's "odd" $$ \\ é`;
    await using lab = await open([`create schema "${name.replaceAll('"', '""')}"`]);
    const id = await lab.ledger.prepare(lab.database, name);
    expect(await lab.ledger.prepare(lab.database, name)).toBe(id);
  });

  it("is found by a role that may not create tables", async () => {
    await using lab = await open();
    const role = `reader_${lab.options.name}`;
    await lab.raw.query(`create role "${role}"; grant usage on schema lab to "${role}";
      grant all on all tables in schema lab to "${role}"`);
    await using session = await lab.database.begin();
    await session.execute(sql`set local role ${sql.id(role)}`);
    expect(await lab.ledger.prepare(session, "lab")).toBe(lab.id);
    await session.rollback();
    await lab.raw.query(`drop owned by "${role}"; drop role "${role}"`);
  });

  it("refuses tables of another format", async () => {
    await using lab = await open();
    await lab.database.execute(sql`update lab."~mortise_meta" set value = '2' where key = 'format_version'`);
    const preparing = lab.ledger.prepare(lab.database, "lab");
    await expect(preparing).rejects.toMatchObject({ code: "database", message: expect.stringContaining("format 2") });
  });

  it("registers intents without waiting for the flush, and nothing else", async () => {
    await using lab = await open();
    await using session = await lab.begin();
    expect(await flushOf(session)).toBe("on");
    await lab.ledger.registerIntents(session, "lab", bytes(100), [intent(2), intent(1)], 60_000);
    expect(await flushOf(session)).toBe("off");
    await session.commit();
    await using next = await lab.begin();
    expect(await flushOf(next)).toBe("on");
    const { rows } = await next.execute(sql`select path_hash, writer, store, path, broken,
      extract(epoch from lease_until - clock_timestamp())::float8 as left from lab."~mortise_intent" order by 1`);
    expect(rows).toEqual(
      [1, 2].map((value) => ({
        path_hash: bytes(value),
        writer: bytes(100),
        store: intent(value).store,
        path: intent(value).path,
        broken: false,
        left: expect.closeTo(59, -0.5) as unknown,
      })),
    );
  });

  it("settles exactly the unbroken intents of one writer", async () => {
    await using lab = await open();
    const { ledger, database } = lab;
    const intents = [3, 1, 2].map(intent);
    const hashes = intents.map(({ pathHash }) => pathHash);
    await ledger.registerIntents(database, "lab", bytes(100), intents, 60_000);
    await ledger.registerIntents(database, "lab", bytes(101), intents.slice(0, 1), 60_000);
    await database.execute(sql`update lab."~mortise_intent" set broken = true where path_hash = ${bytes(2)}`);
    expect(await ledger.heartbeat(database, "lab", bytes(100), hashes, 120_000)).toBe(2);
    expect(await lab.within((session) => ledger.settle(session, "lab", bytes(100), hashes))).toBe(2);
    expect(await lab.within((session) => ledger.intentRemains(session, "lab", bytes(100)))).toBe(true);
    expect(await lab.within((session) => ledger.settle(session, "lab", bytes(101), hashes))).toBe(1);
    expect(await lab.within((session) => ledger.intentRemains(session, "lab", bytes(101)))).toBe(false);
  });

  it("can't say what is left of a writer that is settling, until that is decided", async () => {
    await using lab = await open();
    await lab.ledger.registerIntents(lab.database, "lab", bytes(100), [intent(1)], 60_000);
    const remains = () => lab.within((session) => lab.ledger.intentRemains(session, "lab", bytes(100)));
    const settle = async (): Promise<Session> => {
      const session = await lab.database.begin();
      await lab.ledger.settle(session, "lab", bytes(100), [bytes(1)]);
      return session;
    };
    await using first = await settle();
    await expect(remains()).rejects.toMatchObject({ code: "busy" });
    await first.rollback();
    expect(await remains()).toBe(true);
    await using second = await settle();
    await expect(remains()).rejects.toMatchObject({ code: "busy" });
    await second.commit();
    expect(await remains()).toBe(false);
  });

  it("gives up the intents of paths that were cleaned up, but not broken ones", async () => {
    await using lab = await open();
    const { ledger, database } = lab;
    await ledger.registerIntents(database, "lab", bytes(100), [1, 2, 3].map(intent), 60_000);
    await database.execute(sql`update lab."~mortise_intent" set broken = true where path_hash = ${bytes(3)}`);
    await ledger.abandon(database, "lab", bytes(100), [bytes(1), bytes(3)]);
    const { rows } = await database.execute(sql`select path from lab."~mortise_intent" order by path_hash`);
    expect(rows).toEqual([2, 3].map((value) => ({ path: intent(value).path })));
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

  it("keeps others from a row that is judged anew", async () => {
    await using lab = await open();
    await lab.judge(1, "moving");
    await using session = await lab.begin();
    expect(await lab.ledger.lockLedgerRow(session, "lab", bytes(1))).toMatchObject({ state: "moving" });
    expect(await lab.ledger.lockLedgerRow(session, "lab", bytes(2))).toBeUndefined();
    await using other = await lab.begin();
    await other.execute(sql`set local lock_timeout = '20ms'`);
    await expect(lab.ledger.lockLedgerRow(other, "lab", bytes(1))).rejects.toMatchObject({ code: "busy" });
  });

  it("withdraws what is condemned, but not what must be uploaded", async () => {
    await using lab = await open();
    await lab.judge(1, "condemned");
    await lab.judge(2, "condemned", true);
    await lab.judge(3, "moving");
    for (const value of [1, 2, 3]) await lab.within((session) => lab.ledger.withdraw(session, "lab", bytes(value)));
    expect(await lab.states()).toEqual(["suspect!", "moving"]);
  });

  it("takes over a move under a new token, on disk even where commits usually don't wait for it", async () => {
    await using lab = await open();
    await lab.judge(1, "moving", false, 99_000);
    await using session = await lab.begin();
    await session.execute(sql`set local synchronous_commit = off`);
    await lab.ledger.takeOver(session, "lab", bytes(1), bytes(7));
    expect(await flushOf(session)).toBe("on");
    const row = await lab.ledger.lockLedgerRow(session, "lab", bytes(1));
    expect(row).toMatchObject({ state: "suspect", mustUpload: true, token: bytes(7) });
    expect(row?.ageMs).toBeLessThan(60_000);
    await session.commit();
    expect(await lab.states()).toEqual(["suspect!"]);
  });

  it("leaves a stricter flush as it is", async () => {
    await using lab = await open();
    await lab.judge(1, "moving");
    await using session = await lab.begin();
    await session.execute(sql`set local synchronous_commit = remote_apply`);
    await lab.ledger.takeOver(session, "lab", bytes(1), bytes(7));
    expect(await flushOf(session)).toBe("remote_apply");
  });

  it("clears suspicion after an upload, and every judgement but quarantine where asked to", async () => {
    await using lab = await open();
    const all = ["condemned", "moving", "quarantined", "suspect", "deleted"];
    for (const [value, state] of all.entries()) await lab.judge(value, state);
    const hashes = all.map((_, value) => bytes(value));
    await lab.within((session) => lab.ledger.clearSuspect(session, "lab", hashes));
    expect(await lab.states()).toEqual(["condemned", "moving", "quarantined", "deleted"]);
    await lab.within((session) => lab.ledger.clearJudged(session, "lab", hashes));
    expect(await lab.states()).toEqual(["quarantined"]);
  });

  it("clears in one order, so that two writers never wait for each other", async () => {
    await using lab = await open();
    const hashes = Array.from({ length: 200 }, (_, value) => bytes(value));
    for (const [value] of hashes.entries()) await lab.judge(value, "suspect");
    const clear = (order: readonly Uint8Array[]) =>
      lab.within((session) => lab.ledger.clearSuspect(session, "lab", order));
    await Promise.all([clear(hashes), clear(hashes.toReversed()), clear(hashes), clear(hashes.toReversed())]);
    expect(await lab.states()).toEqual([]);
  });

  it("handles more paths than a statement has bound values", async () => {
    await using lab = await open();
    const intents = Array.from({ length: 70_000 }, (_, index) => {
      const pathHash = new Uint8Array(16);
      new DataView(pathHash.buffer).setUint32(4, index);
      return { pathHash, store: "main", path: `p${index}` };
    });
    const hashes = intents.map(({ pathHash }) => pathHash);
    await lab.ledger.registerIntents(lab.database, "lab", bytes(100), intents, 60_000);
    expect(await lab.ledger.heartbeat(lab.database, "lab", bytes(100), hashes, 60_000)).toBe(70_000);
    expect(await lab.within((session) => lab.ledger.settle(session, "lab", bytes(100), hashes))).toBe(70_000);
  });
});
