import type { Database, Intent, LedgerRow } from "@mortise/sql";
import { newToken, newWriterId, pathHash } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { failureOf, type MysqlPlace, openPlace } from "./place.ts";

let place: MysqlPlace;
let database: Database;

beforeAll(async () => {
  place = await openPlace({ waitMs: 2000 });
  database = place.database;
  await database.ledger.prepare(database, "lab");
});
afterAll(() => place[Symbol.asyncDispose]());

/** Paths that no other test of the file has. */
function intents(count: number): readonly Intent[] {
  const unique = crypto.randomUUID();
  return Array.from({ length: count }, (_, index) => {
    const path = `_hash/lab/${unique}/${index} é'"\\😀%_`;
    return { pathHash: pathHash("main", path), store: "main", path };
  });
}

function hashesOf(list: readonly Intent[]): readonly Uint8Array[] {
  return list.map((intent) => intent.pathHash);
}

async function registered(count: number): Promise<{ writer: Uint8Array; hashes: readonly Uint8Array[] }> {
  const list = intents(count);
  const writer = newWriterId();
  await database.ledger.registerIntents(database, "lab", writer, list, 3_600_000);
  return { writer, hashes: hashesOf(list) };
}

const intentTable = sql.id("lab", "~mortise_intent");
const ledgerTable = sql.id("lab", "~mortise_ledger");

async function judge(hash: Uint8Array, state: LedgerRow["state"], mustUpload = false): Promise<void> {
  await database.execute(sql`insert into ${ledgerTable} (path_hash, store, path, state, token, since, must_upload)
    values (${hash}, 'main', 'x', ${state}, ${newToken()}, utc_timestamp(3) - interval 10 second, ${mustUpload})`);
}

async function settled(writer: Uint8Array, hashes: readonly Uint8Array[]): Promise<number> {
  await using session = await database.begin();
  const count = await database.ledger.settle(session, "lab", writer, hashes);
  await session.commit();
  return count;
}

describe("the hidden tables", () => {
  it("are prepared once, whoever is first, and keep one id", async () => {
    const others = await Promise.all(Array.from({ length: 6 }, () => place.open()));
    for (const schema of ["fresh1", "fresh2", "fresh3"]) {
      await database.execute(sql`create database ${sql.id(schema)}`);
      const ids = await Promise.all(others.map((each) => each.ledger.prepare(each, schema)));
      expect(new Set(ids).size).toBe(1);
      expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
      expect(await database.ledger.prepare(database, schema)).toBe(ids[0]);
    }
  });

  it("of another format are refused, and nothing is changed", async () => {
    await database.execute(sql`create database later`);
    await database.ledger.prepare(database, "later");
    await database.execute(sql`update later.\`~mortise_meta\` set value = '2' where \`key\` = 'format_version'`);
    const error = await failureOf(database.ledger.prepare(database, "later"));
    expect(error).toMatchObject({ code: "database", message: expect.stringContaining("format 2") });
  });
});

describe("W1", () => {
  it("registers paths of any characters with the lease by the database's clock", async () => {
    const list = intents(3);
    const writer = newWriterId();
    await database.ledger.registerIntents(database, "lab", writer, list, 90_000);
    const { rows } = await database.execute(sql`select path, store, broken,
      timestampdiff(second, utc_timestamp(3), lease_until) between 60 and 90 as in_time
      from ${intentTable} where writer = ${writer} order by path`);
    expect(rows).toEqual(list.map(({ path }) => ({ path, store: "main", broken: 0, in_time: 1 })));
  });

  it("registers nothing at all where one path does not fit", async () => {
    const [first, second] = intents(2);
    const writer = newWriterId();
    const long = { ...(second as Intent), path: "x".repeat(1025) };
    await failureOf(database.ledger.registerIntents(database, "lab", writer, [first as Intent, long], 1000));
    const { rows } = await database.execute(sql`select 1 from ${intentTable} where writer = ${writer}`);
    expect(rows).toEqual([]);
  });

  it("reads the judged ones of many paths, with their age by the database's clock", async () => {
    const hashes = hashesOf(intents(1000));
    expect(await database.ledger.readLedger(database, "lab", hashes)).toEqual([]);
    await judge(hashes[500] as Uint8Array, "moving", true);
    const [row, ...more] = await database.ledger.readLedger(database, "lab", hashes);
    expect(more).toEqual([]);
    expect(row).toMatchObject({ pathHash: hashes[500], state: "moving", mustUpload: true });
    expect(row?.token).toHaveLength(16);
    expect(row?.ageMs).toBeGreaterThanOrEqual(10_000);
    expect(row?.ageMs).toBeLessThan(60_000);
  });

  it("withdraws a condemned row, or makes it suspect where it must be uploaded anyway", async () => {
    const [one, other] = hashesOf(intents(2)) as [Uint8Array, Uint8Array];
    await judge(one, "condemned");
    await judge(other, "condemned", true);
    await using session = await database.begin({ pool: "ledger" });
    for (const hash of [one, other]) {
      expect(await database.ledger.lockLedgerRow(session, "lab", hash)).toMatchObject({ state: "condemned" });
      await database.ledger.withdraw(session, "lab", hash);
    }
    await session.commit();
    expect(await database.ledger.readLedger(database, "lab", [one, other])).toMatchObject([
      { pathHash: other, state: "suspect", mustUpload: true },
    ]);
  });

  it("takes a stale move over with a token of its own and a new age", async () => {
    const [hash] = hashesOf(intents(1)) as [Uint8Array];
    await judge(hash, "moving");
    const token = newToken();
    await using session = await database.begin({ pool: "ledger" });
    await database.ledger.takeOver(session, "lab", hash, token);
    await session.commit();
    const [row] = await database.ledger.readLedger(database, "lab", [hash]);
    expect(row).toMatchObject({ state: "suspect", mustUpload: true, token });
    expect(row?.ageMs).toBeLessThan(9000);
  });

  it("finds no row to lock where nobody judged, and locks nothing then", async () => {
    const [hash] = hashesOf(intents(1)) as [Uint8Array];
    await using session = await database.begin({ pool: "ledger" });
    expect(await database.ledger.lockLedgerRow(session, "lab", hash)).toBeUndefined();
    await judge(hash, "condemned");
    await session.rollback();
  });
});

describe("W3", () => {
  it("deletes exactly this writer's intents, and counts them", async () => {
    const { writer, hashes } = await registered(1000);
    const other = newWriterId();
    const list = hashes.map((hash, index) => ({ pathHash: hash, store: "main", path: `again ${index}` }));
    await database.ledger.registerIntents(database, "lab", other, list, 1000);
    expect(await settled(writer, hashes)).toBe(1000);
    expect(await settled(writer, hashes)).toBe(0);
    expect(await settled(other, hashes)).toBe(1000);
  });

  it("leaves broken intents and counts without them", async () => {
    const { writer, hashes } = await registered(3);
    await database.execute(sql`update ${intentTable} set broken = true
      where path_hash = ${hashes[1]} and writer = ${writer}`);
    expect(await settled(writer, hashes)).toBe(2);
    const { rows } = await database.execute(sql`select broken from ${intentTable} where writer = ${writer}`);
    expect(rows).toEqual([{ broken: 1 }]);
  });

  it("clears only suspects, or every judgement but that of a quarantined path", async () => {
    const hashes = hashesOf(intents(5));
    const states = ["suspect", "condemned", "moving", "quarantined", "deleted"] as const;
    for (const [index, state] of states.entries()) await judge(hashes[index] as Uint8Array, state);
    const left = async (): Promise<readonly string[]> => {
      const rows = await database.ledger.readLedger(database, "lab", hashes);
      return rows.map((row) => row.state).toSorted();
    };
    await using session = await database.begin();
    await database.ledger.clearSuspect(session, "lab", hashes);
    await session.commit();
    expect(await left()).toEqual(["condemned", "deleted", "moving", "quarantined"]);
    await using second = await database.begin();
    await database.ledger.clearJudged(second, "lab", hashes);
    await second.commit();
    expect(await left()).toEqual(["quarantined"]);
  });

  it("of one writer waits for nobody else's", async () => {
    const mine = await registered(100);
    const theirs = await registered(100);
    await using session = await database.begin();
    expect(await database.ledger.settle(session, "lab", theirs.writer, theirs.hashes)).toBe(100);
    expect(await settled(mine.writer, mine.hashes)).toBe(100);
    await registered(100);
    await session.rollback();
    expect(await settled(theirs.writer, theirs.hashes)).toBe(100);
  });

  it("of 32 writers with the same paths at once ends in no deadlock", async () => {
    const many = await place.open({ connections: 32 });
    const shared = intents(300);
    const writers = Array.from({ length: 32 }, () => newWriterId());
    const rounds = writers.map(async (writer, index) => {
      for (let round = 0; round < 4; round += 1) {
        const list = shared.filter((_, place) => (place + index + round) % 3 > 0);
        const hashes = hashesOf(list);
        await many.ledger.registerIntents(many, "lab", writer, list, 60_000);
        expect(await many.ledger.heartbeat(many, "lab", writer, hashes, 60_000)).toBe(list.length);
        await using session = await many.begin();
        expect(await many.ledger.settle(session, "lab", writer, hashes)).toBe(list.length);
        await session.commit();
      }
    });
    await Promise.all(rounds);
    const { rows } = await database.execute(sql`select 1 from ${intentTable}
      where writer in (${sql.join(writers)}) limit 1`);
    expect(rows).toEqual([]);
  });
});

describe("leases", () => {
  it("are extended for what is not broken, counted also where nothing changes, over any number of paths", async () => {
    const { writer, hashes } = await registered(2500);
    await database.execute(sql`update ${intentTable} set broken = true
      where path_hash = ${hashes[7]} and writer = ${writer}`);
    expect(await database.ledger.heartbeat(database, "lab", writer, hashes, 7_200_000)).toBe(2499);
    expect(await database.ledger.heartbeat(database, "lab", writer, hashes, 7_200_000)).toBe(2499);
    const { rows } = await database.execute(sql`select count(*) as n from ${intentTable}
      where writer = ${writer} and lease_until > utc_timestamp(3) + interval 100 minute`);
    expect(rows).toEqual([{ n: 2499 }]);
  });

  it("are given up for paths that the writer cleaned up itself, except broken ones", async () => {
    const { writer, hashes } = await registered(3);
    await database.execute(sql`update ${intentTable} set broken = true
      where path_hash = ${hashes[0]} and writer = ${writer}`);
    await database.ledger.abandon(database, "lab", writer, hashes);
    const { rows } = await database.execute(sql`select path_hash from ${intentTable} where writer = ${writer}`);
    expect(rows).toEqual([{ path_hash: hashes[0] }]);
  });
});

describe("an unknown COMMIT", () => {
  const remains = async (writer: Uint8Array): Promise<boolean> => {
    await using session = await database.begin({ pool: "ledger" });
    return await database.ledger.intentRemains(session, "lab", writer);
  };

  it("is judged by the intents: gone means committed, there means it never will be", async () => {
    const { writer, hashes } = await registered(3);
    expect(await remains(writer)).toBe(true);
    await settled(writer, hashes);
    expect(await remains(writer)).toBe(false);
  });

  it("is not judged while the other session may still commit, and is once it has", async () => {
    const { writer, hashes } = await registered(3);
    await using lost = await database.begin();
    await database.ledger.settle(lost, "lab", writer, hashes);
    expect(await failureOf(remains(writer))).toMatchObject({ code: "busy" });
    await lost.commit();
    expect(await remains(writer)).toBe(false);
  });

  it("does not wait for other writers' transactions", async () => {
    const { writer } = await registered(3);
    const other = await registered(3);
    await using busy = await database.begin();
    await database.ledger.settle(busy, "lab", other.writer, other.hashes);
    expect(await remains(writer)).toBe(true);
    await busy.rollback();
  });

  it("is decided by ending the lost session where it goes on holding its locks", async () => {
    const { writer, hashes } = await registered(3);
    const lost = await database.begin();
    await database.ledger.settle(lost, "lab", writer, hashes);
    expect(await failureOf(remains(writer))).toMatchObject({ code: "busy" });
    await lost.terminate?.();
    expect(await remains(writer)).toBe(true);
    expect(await failureOf(lost.commit())).toBeInstanceOf(Error);
  });
});
