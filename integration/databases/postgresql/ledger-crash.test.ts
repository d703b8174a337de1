import { openPostgres } from "@mortise/db-postgres";
import { type Database, newWriterId } from "@mortise/sql";
import { describe, expect, it } from "vitest";
import { type OwnServer, startOwnServer } from "../faults/own-server.ts";

const bytes = (value: number): Uint8Array => new Uint8Array(16).fill(value);
const intents = [{ pathHash: bytes(1), store: "main", path: "p" }];

function open(own: OwnServer): Promise<Database> {
  const { server, name = "" } = own.place();
  const { host = "", port = 0, user = "", password = "" } = server ?? {};
  return openPostgres({ host, port, user, password, name, useTls: false });
}

/** Asks whether the intents of `writer` are gone because their transaction was committed. */
async function ask(own: OwnServer, writer: Uint8Array): Promise<boolean> {
  await using database = await open(own);
  await using session = await database.begin({ pool: "ledger" });
  return await database.ledger.intentRemains(session, "lab", writer);
}

describe("intents that are gone on PostgreSQL", () => {
  it("say that their transaction was committed, unless the server has crashed since, which may have lost them", async () => {
    await using own = await startOwnServer();
    await using database = await open(own);
    await database.execute(database.dialect.createSchema("lab")[0] as never);
    await database.ledger.prepare(database, "lab");
    const writer = newWriterId();
    await database.ledger.registerIntents(database, "lab", writer, intents, 60_000);
    expect(await ask(own, writer)).toBe(true);
    {
      await using session = await database.begin();
      await database.ledger.settle(session, "lab", writer, [bytes(1)]);
      await session.commit();
    }
    // The server may have begun a moment ago.
    await expect.poll(() => ask(own, newWriterId()), { timeout: 10_000 }).toBe(false);
    // As if the crash had come before the intents of this one were flushed.
    const lost = newWriterId();
    await own.restart();
    const verdict = (): Promise<unknown> => ask(own, lost).catch((error: { readonly code?: string }) => error.code);
    // The server may still be busy starting.
    await expect.poll(verdict, { timeout: 30_000 }).not.toBe("unreachable");
    expect(await verdict()).toBe("database");
  }, 120_000);
});
