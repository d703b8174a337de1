import { QueryError, TransactionError } from "@mortise/core";
import { describe, expect, it } from "vitest";
import type { Database } from "../database.ts";
import { ledgerTransaction } from "./transaction.ts";

function recording(commitError?: Error) {
  const log: string[] = [];
  const database = {
    ledger: {},
    begin: async () => ({
      commit: async () => {
        if (commitError !== undefined) throw commitError;
        log.push("commit");
      },
      [Symbol.asyncDispose]: async () => {
        log.push("end");
      },
    }),
  };
  return { database: database as unknown as Database, log };
}

const deadlock = new TransactionError("conflict", "deadlock", { retryable: true });

/** Fails with the errors, one after the other, and then succeeds. */
function failing(...errors: readonly Error[]) {
  let round = 0;
  return async () => {
    const error = errors[round++];
    if (error !== undefined) throw error;
    return round;
  };
}

describe("a transaction of the ledger's own", () => {
  it("is committed, also after deadlocks", async () => {
    const { database, log } = recording();
    expect(await ledgerTransaction(database, {}, failing(deadlock, deadlock))).toBe(3);
    expect(log).toEqual(["end", "end", "commit", "end"]);
  });

  it("is given up after five of them, and at once for other errors", async () => {
    const always = failing(...Array.from({ length: 9 }, () => deadlock));
    await expect(ledgerTransaction(recording().database, {}, always)).rejects.toBe(deadlock);
    expect(await always().catch(() => "a sixth")).toBe("a sixth");
    const busy = new QueryError("busy", "locked");
    await expect(ledgerTransaction(recording().database, {}, failing(busy))).rejects.toBe(busy);
  });

  it("whose COMMIT has no answer fails as a lost connection: no rows of the user's are in doubt", async () => {
    const { database } = recording(new TransactionError("commit-unknown", "no answer"));
    await expect(ledgerTransaction(database, {}, failing())).rejects.toMatchObject({
      name: "QueryError",
      code: "connection-lost",
    });
  });
});
