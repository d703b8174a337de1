import { QueryError, TransactionError } from "@mortise/core";
import { type Database, pathHash, type Session } from "@mortise/sql";
import { describe, expect, it } from "vitest";
import { createWriteEngine, type WriteEngine } from "./engine.ts";
import { defaultTimes } from "./environment.ts";
import { settleIntents } from "./settle.ts";
import { keysOf, openProtocolLab, type ProtocolLab } from "./testing.ts";
import { WriteUnit } from "./unit.ts";

/** A database whose answer to COMMIT is lost, after the commit took place or before. */
function losing(database: Database, committed: boolean): Database {
  const begin: Database["begin"] = async (options) => {
    const session = await database.begin(options);
    if (options?.pool === "ledger") return session;
    const lost: Session = {
      get state() {
        return "unknown" as const;
      },
      execute: (statement, given) => session.execute(statement, given),
      async commit() {
        await (committed ? session.commit() : session.rollback());
        throw new TransactionError("commit-unknown", "the connection broke");
      },
      rollback: async () => undefined,
      savepoint: () => session.savepoint(),
      [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
    };
    return lost;
  };
  return new Proxy(database, {
    get: (target, name) => (name === "begin" ? begin : (Reflect.get(target, name, target) as unknown)),
  });
}

async function engineOn(lab: ProtocolLab, committed: boolean): Promise<{ engine: WriteEngine; unit: WriteUnit }> {
  const { collector: database } = lab;
  await using session = await database.begin({ ddl: true });
  for (const statement of database.dialect.createSchema("lab")) await session.execute(statement);
  await database.ledger.prepare(session, "lab");
  await session.commit();
  const environment = {
    database: losing(database, committed),
    logger: { debug: () => undefined, warn: () => undefined },
    times: defaultTimes,
  };
  const engine = createWriteEngine(environment, settleIntents);
  const unit = new WriteUnit("lab");
  const path = "_schema/lab/T/x.abcdefgh";
  await engine.protect(unit, [{ pathHash: pathHash("main", path), store: "main", path }], AbortSignal.timeout(9000));
  const key = path as Parameters<ProtocolLab["store"]["put"]>[0];
  await lab.store.put(key, new Uint8Array(1));
  unit.own.set("x", { id: "x", store: lab.store, keys: new Set([key]) });
  return { engine, unit };
}

/** Registers another path before each further attempt, as W1 and W2 do. */
function again(engine: WriteEngine, unit: WriteUnit) {
  const repeated = {
    ...steps,
    count: 0,
    async again() {
      repeated.count += 1;
      const path = `_schema/lab/T/${repeated.count}.abcdefgh`;
      await engine.protect(unit, [{ pathHash: pathHash("main", path), store: "main", path }], steps.signal);
    },
  };
  return repeated;
}

const steps = { rows: async () => "rows", again: async () => undefined, signal: AbortSignal.timeout(9000) };

describe("a COMMIT whose answer is lost", () => {
  it("is a success when the intents are gone", async () => {
    await using lab = await openProtocolLab();
    const { engine, unit } = await engineOn(lab, true);
    expect(await engine.commit(unit, steps)).toBe("rows");
    expect(await lab.intents()).toEqual([]);
  });

  it("did not happen when an intent remains: the batch runs again, and after a last loss it is cleaned up", async () => {
    await using lab = await openProtocolLab();
    const { engine, unit } = await engineOn(lab, false);
    const repeated = again(engine, unit);
    await expect(engine.commit(unit, repeated)).rejects.toMatchObject({
      name: "TransactionError",
      code: "rolled-back",
      retryable: true,
      cause: { code: "commit-unknown" },
    });
    expect(repeated.count).toBe(4);
    await engine.fail(unit);
    expect(await keysOf(lab.store)).toEqual([]);
  });

  it("can't be decided without intents, and then nothing is deleted", async () => {
    await using lab = await openProtocolLab();
    const { engine, unit: other } = await engineOn(lab, false);
    const plain = new WriteUnit("lab");
    for (const [id, object] of other.own) plain.own.set(id, object);
    await expect(engine.commit(plain, steps)).rejects.toMatchObject({ code: "commit-unknown" });
    await engine.fail(plain);
    expect(await keysOf(lab.store)).toHaveLength(1);
  });

  it("is decided by any unit of the transaction that has intents", async () => {
    await using lab = await openProtocolLab();
    const { engine, unit } = await engineOn(lab, false);
    await using session = await lab.collector.begin({ readOnly: true });
    const error = new TransactionError("commit-unknown", "the connection broke");
    const plain = new WriteUnit("lab");
    await expect(engine.decide([plain, unit], session, error)).rejects.toMatchObject({ code: "rolled-back" });
    await expect(engine.decide([plain], session, error)).rejects.toBe(error);
    expect([plain.ambiguous, unit.ambiguous]).toEqual([true, false]);
  });
});

describe("a transaction that loses its connection", () => {
  it("before COMMIT is run again, when it is the engine's own", async () => {
    await using lab = await openProtocolLab();
    const { engine, unit } = await engineOn(lab, true);
    let rounds = 0;
    const result = await engine.commit(unit, {
      ...again(engine, unit),
      rows: async () => {
        rounds += 1;
        if (rounds === 1) throw new QueryError("connection-lost", "the connection broke");
        return "rows";
      },
    });
    expect([result, rounds]).toEqual(["rows", 2]);
  });
});
