import { type MortiseError, QueryError, silentLogger, TransactionError } from "@mortise/core";
import { describe, expect, it } from "vitest";
import type { Database } from "../database.ts";
import { decideCommit, type OutcomeQuestion } from "./outcome.ts";

type Answer = boolean | MortiseError;

/** A database whose locking read answers one thing after the other, the last one for good. */
function answering(...answers: readonly Answer[]) {
  let asked = 0;
  const pools: unknown[] = [];
  const database = {
    ledger: {
      intentRemains: async () => {
        const answer = answers[Math.min(asked++, answers.length - 1)];
        if (answer instanceof Error) throw answer;
        return answer;
      },
    },
    begin: async ({ pool }: { pool: string }) => {
      pools.push(pool);
      return { [Symbol.asyncDispose]: async () => undefined };
    },
  };
  return { database: database as unknown as Database, pools };
}

const question = { owner: { schema: "lab", writer: new Uint8Array(16) }, logger: silentLogger };
const lost = new TransactionError("commit-unknown", "no answer");

async function decided(database: Database, given: Partial<OutcomeQuestion> = {}): Promise<unknown> {
  return await decideCommit(database, lost, { ...question, ...given }).then(
    () => "committed",
    (error: unknown) => (error === lost ? "unknown" : error),
  );
}

const rolledBack = { name: "TransactionError", code: "rolled-back", retryable: true, cause: lost };
const busy = new QueryError("busy", "the lost session holds its locks");
const away = new QueryError("connection-lost", "the server starts again");

describe("whether a COMMIT without an answer took place", () => {
  it.each([
    ["yes, when no intent is left", [false], "committed"],
    ["no, when one is", [true], rolledBack],
    [
      "is asked again while the lost session holds its locks or the server is away",
      [busy, away, busy, true],
      rolledBack,
    ],
  ] as const)("%s", async (_name, answers, outcome) => {
    const { database, pools } = answering(...answers);
    expect(await decided(database)).toEqual(typeof outcome === "string" ? outcome : expect.objectContaining(outcome));
    expect(pools).toEqual(answers.map(() => "ledger"));
  });

  it("is asked again after the lost session was ended on the server", async () => {
    let ended = 0;
    const { database } = answering(busy);
    const session = {
      terminate: async () => {
        ended += 1;
        database.ledger.intentRemains = async () => true;
      },
    };
    expect(await decided(database, { session, patienceMs: 200 })).toMatchObject(rolledBack);
    expect(ended).toBe(1);
  });

  it("stays open when nobody answers, or not what was asked", async () => {
    const session = { terminate: () => Promise.reject(new Error("refused")) };
    expect(await decided(answering(busy).database, { session, patienceMs: 30 })).toBe("unknown");
    expect(await decided(answering(true).database, { owner: undefined })).toBe("unknown");
    const denied = answering(new QueryError("access", "no privilege"));
    expect(await decided(denied.database)).toBe("unknown");
    expect(denied.pools).toHaveLength(1);
  });
});
