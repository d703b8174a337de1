import { TransactionError } from "@mortise/core";
import type { Database, DatabasePlugin, Session } from "@mortise/sql";
import { describe, expect, it } from "vitest";
import { createTestDatabase } from "../../test/database/test-database.ts";
import { openTestProject } from "../project/testing.ts";

/** A database that ends a transaction, and keeps its rows, when one was written while `ends` says so. */
function ending(plugin: DatabasePlugin, ends: () => boolean): DatabasePlugin {
  const wrap = (session: Session): Session => {
    let ended = false;
    return new Proxy(session, {
      get(target, name) {
        if (name === "state" && ended) return "unknown";
        const found = Reflect.get(target, name, target) as unknown;
        if (name !== "execute") return typeof found === "function" ? (found.bind(target) as unknown) : found;
        return async (...args: Parameters<Session["execute"]>) => {
          const result = await target.execute(...args);
          if (!ends() || result.affected !== 1) return result;
          await target.commit();
          ended = true;
          throw new TransactionError("commit-unknown", "the transaction was ended by a statement");
        };
      },
    });
  };
  return {
    ...plugin,
    async open(...args) {
      const database = await plugin.open(...args);
      return new Proxy(database, {
        get(target, name) {
          if (name === "begin") {
            return async (given: Parameters<Database["begin"]>[0]) => {
              const session = await target.begin(given);
              return given?.pool === "ledger" ? session : wrap(session);
            };
          }
          const found = Reflect.get(target, name, target) as unknown;
          return typeof found === "function" ? (found.bind(target) as unknown) : found;
        },
      });
    },
  };
}

describe("a transaction that the server ends nobody knows how", () => {
  it.each(["insert", "update"] as const)(
    "keeps the objects of the %s that found out: their rows may be there",
    async (kind) => {
      const place = await createTestDatabase();
      let armed = false;
      const database = { ...place, plugin: ending(place.plugin, () => armed) };
      await using test = await openTestProject({ database });
      const Scan = test.project.schema("lab").manual("Scan", "id : int32\n---\nfile : <object@>");
      await Scan.insertOne({ id: 1, file: new Uint8Array([1]) });
      const before = await test.objects();
      const running = test.project.transaction(async () => {
        armed = true;
        if (kind === "update") await Scan.updateOne({ id: 1, file: new Uint8Array([2]) });
        else await Scan.insertOne({ id: 2, file: new Uint8Array([2]) });
      });
      await expect(running).rejects.toMatchObject({ code: "commit-unknown" });
      expect((await test.objects()).length).toBeGreaterThan(before.length);
      await place[Symbol.asyncDispose]();
    },
  );
});
