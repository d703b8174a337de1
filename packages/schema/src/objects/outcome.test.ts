import { TransactionError } from "@mortise/core";
import { type Database, pathHash, type Session } from "@mortise/sql";
import { describe, expect, it } from "vitest";
import { createWriteEngine, type WriteEngine } from "./engine.ts";
import { defaultTimes } from "./environment.ts";
import { settleIntents } from "./settle.ts";
import { openProtocolLab, type ProtocolLab } from "./testing.ts";
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
      [Symbol.asyncDispose]: async () => undefined,
    };
    return lost;
  };
  return new Proxy(database, {
    get: (target, name) => (name === "begin" ? begin : (Reflect.get(target, name, target) as unknown)),
  });
}

async function engineOn(lab: ProtocolLab, committed: boolean): Promise<{ engine: WriteEngine; unit: WriteUnit }> {
  const { collector: database } = lab;
  await using session = await database.begin();
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

const steps = { rows: async () => "rows", again: async () => undefined, signal: AbortSignal.timeout(9000) };

describe("a COMMIT whose answer is lost", () => {
  it("is a success when the intents are gone", async () => {
    await using lab = await openProtocolLab();
    const { engine, unit } = await engineOn(lab, true);
    expect(await engine.commit(unit, steps)).toBe("rows");
    expect(await lab.intents()).toEqual([]);
  });

  it("is an error when an intent remains, and then deletes nothing", async () => {
    await using lab = await openProtocolLab();
    const { engine, unit } = await engineOn(lab, false);
    await expect(engine.commit(unit, steps)).rejects.toMatchObject({ code: "commit-unknown" });
    await engine.fail(unit);
    expect(await lab.intents()).toHaveLength(1);
    expect([...unit.own.keys()]).toEqual(["x"]);
  });

  it("can't be decided without intents", async () => {
    await using lab = await openProtocolLab();
    const { engine } = await engineOn(lab, false);
    const plain = new WriteUnit("lab");
    expect(await engine.committed(plain)).toBeUndefined();
    await expect(engine.commit(plain, steps)).rejects.toMatchObject({ code: "commit-unknown" });
  });
});
