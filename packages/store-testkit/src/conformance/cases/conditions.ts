import type { Bytes, ObjectKey, ObjectStore } from "@mortise/core";
import { acceptedUnless, equal, equalBytes, holds, refused } from "../assert.ts";
import type { ConformanceCase } from "../case.ts";
import { defineCases, generate, listAll, pattern, readAll, text } from "../case.ts";

async function readIf(store: ObjectStore, key: ObjectKey, ifMatch: string): Promise<Bytes> {
  return await (await store.get(key, { ifMatch })).bytes();
}

/** Conditional writes, reads and deletions; and their refusal where a store can't keep them. */
export const conditionCases: readonly ConformanceCase[] = defineCases("conditions", [
  [
    "create",
    "create writes what is not there",
    async ({ store, key }) => {
      equal((await store.put(key("a"), text("x"), { mode: "create" })).size, 1, "the size in the result");
      equalBytes(await readAll(store, key("a")), text("x"));
    },
    "create",
  ],
  [
    "create-exists",
    "create refuses what is there and leaves it",
    async ({ store, key }) => {
      const { etag } = await store.put(key("a"), text("old"));
      await refused(store.put(key("a"), text("new"), { mode: "create" }), "already-exists", "create of what exists");
      equalBytes(await readAll(store, key("a")), text("old"));
      equal((await store.head(key("a"))).etag, etag, "the etag");
    },
    "create",
  ],
  [
    "create-same",
    "create refuses even the same bytes",
    async ({ store, key }) => {
      await store.put(key("a"), text("same"), { mode: "create" });
      await refused(store.put(key("a"), text("same"), { mode: "create" }), "already-exists", "create of what exists");
    },
    "create",
  ],
  [
    "create-empty",
    "create refuses an empty object that is there",
    async ({ store, key }) => {
      await store.put(key("a"), new Uint8Array(), { mode: "create" });
      await refused(store.put(key("a"), text("x"), { mode: "create" }), "already-exists", "create of what exists");
      equal((await store.head(key("a"))).size, 0, "the size");
    },
    "create",
  ],
  [
    "create-stream",
    "create of a stream refuses what is there",
    async ({ store, key, prefix }) => {
      await store.put(key("a"), text("old"));
      await refused(
        store.put(key("a"), generate(pattern(100_000)), { mode: "create" }),
        "already-exists",
        "create of what exists",
      );
      equalBytes(await readAll(store, key("a")), text("old"));
      equal((await listAll(store, prefix)).length, 1, "the number of objects");
    },
    "create",
  ],
  [
    "create-after-delete",
    "create works again after a deletion",
    async ({ store, key }) => {
      await store.put(key("a"), text("1"), { mode: "create" });
      await store.delete(key("a"));
      await store.put(key("a"), text("2"), { mode: "create" });
      equalBytes(await readAll(store, key("a")), text("2"));
    },
    "create",
  ],
  [
    "create-race",
    "of many creates at once exactly one wins, and its bytes are there",
    async ({ store, key }) => {
      const bodies = Array.from({ length: 16 }, (_, index) => pattern(5_000, index + 1));
      const outcomes = await Promise.allSettled(
        bodies.map((body) => store.put(key("race/a"), body, { mode: "create" })),
      );
      const winners = outcomes.flatMap((outcome, index) => (outcome.status === "fulfilled" ? [index] : []));
      equal(winners.length, 1, "the number of winners");
      equalBytes(await readAll(store, key("race/a")), bodies[winners[0] ?? 0] ?? text(""));
      for (const outcome of outcomes) {
        if (outcome.status === "rejected")
          await refused(Promise.reject(outcome.reason as Error), "already-exists", "a loser");
      }
    },
    "create",
  ],
  [
    "create-unsupported",
    "a store without create refuses it and writes nothing",
    async ({ store, key }) => {
      await refused(store.put(key("a"), text("x"), { mode: "create" }), "unsupported", "create");
      await refused(store.head(key("a")), "not-found", "head of what was refused");
    },
    "no-create",
  ],
  [
    "match",
    "ifMatch replaces the object that is there",
    async ({ store, key }) => {
      const { etag = "" } = await store.put(key("a"), text("1"));
      await store.put(key("a"), text("2"), { mode: { ifMatch: etag } });
      equalBytes(await readAll(store, key("a")), text("2"));
    },
    "ifMatch",
  ],
  [
    "match-stale",
    "ifMatch refuses an object that was overwritten, and leaves it",
    async ({ store, key }) => {
      const { etag = "" } = await store.put(key("a"), text("1"));
      await store.put(key("a"), text("2"));
      await refused(
        store.put(key("a"), text("3"), { mode: { ifMatch: etag } }),
        "precondition-failed",
        "a stale ifMatch",
      );
      equalBytes(await readAll(store, key("a")), text("2"));
    },
    "ifMatch",
  ],
  [
    "match-same-bytes",
    "ifMatch refuses also an overwrite with the same size or bytes",
    async ({ store, key }) => {
      const { etag = "" } = await store.put(key("a"), text("same"));
      const second = await store.put(key("a"), text("size"));
      holds(second.etag !== etag, "the etag should change with an overwrite of the same size");
      await refused(
        store.put(key("a"), text("3"), { mode: { ifMatch: etag } }),
        "precondition-failed",
        "a stale ifMatch",
      );
    },
    "ifMatch",
  ],
  [
    "match-absent",
    "ifMatch refuses an object that is not there",
    async ({ store, key }) => {
      const { etag = "" } = await store.put(key("a"), text("1"));
      await store.delete(key("a"));
      await refused(
        store.put(key("a"), text("2"), { mode: { ifMatch: etag } }),
        "precondition-failed",
        "ifMatch of nothing",
      );
      await refused(store.head(key("a")), "not-found", "head of what was refused");
    },
    "ifMatch",
  ],
  [
    "match-race",
    "of many replacements of one version exactly one wins",
    async ({ store, key }) => {
      const { etag = "" } = await store.put(key("a"), text("first"));
      const bodies = Array.from({ length: 8 }, (_, index) => pattern(1_000, index + 1));
      const outcomes = await Promise.allSettled(
        bodies.map((body) => store.put(key("a"), body, { mode: { ifMatch: etag } })),
      );
      const winners = outcomes.flatMap((outcome, index) => (outcome.status === "fulfilled" ? [index] : []));
      equal(winners.length, 1, "the number of winners");
      equalBytes(await readAll(store, key("a")), bodies[winners[0] ?? 0] ?? text(""));
    },
    "ifMatch",
  ],
  [
    "match-chain",
    "the etag that a write returns is the one for the next",
    async ({ store, key }) => {
      let { etag } = await store.put(key("a"), text("0"));
      for (let round = 1; round < 6; round++) {
        ({ etag } = await store.put(key("a"), text(`${round}`), { mode: { ifMatch: etag ?? "" } }));
      }
      equalBytes(await readAll(store, key("a")), text("5"));
    },
    "ifMatch",
  ],
  [
    "match-unsupported",
    "a store without ifMatch refuses it and writes nothing",
    async ({ store, key }) => {
      const { etag = "x" } = await store.put(key("a"), text("1"));
      await refused(store.put(key("a"), text("2"), { mode: { ifMatch: etag } }), "unsupported", "ifMatch");
      equalBytes(await readAll(store, key("a")), text("1"));
    },
    "no-ifMatch",
  ],
  [
    "etag-changes-bytes",
    "every overwrite with other bytes changes the etag, also one of the same size",
    async ({ store, key }) => {
      const seen = new Set<string | undefined>();
      for (let round = 0; round < 10; round++) seen.add((await store.put(key("a"), text(`same ${round}`))).etag);
      equal(seen.size, 10, "the number of different etags");
    },
    "ifMatch",
  ],
  [
    "etag-changes",
    "every overwrite changes the etag",
    async ({ store, key }) => {
      const seen = new Set<string | undefined>();
      for (let round = 0; round < 30; round++) seen.add((await store.put(key("a"), text("same"))).etag);
      equal(seen.size, 30, "the number of different etags");
    },
    "ifMatch",
  ],
  [
    "get-match",
    "get with the current etag answers",
    async ({ store, key }) => {
      const { etag } = await store.put(key("a"), text("x"));
      equalBytes(await (await store.get(key("a"), { ifMatch: etag })).bytes(), text("x"));
    },
    "ifMatch",
  ],
  [
    "get-match-stale",
    "get with a stale etag is precondition-failed",
    async ({ store, key }) => {
      const { etag } = await store.put(key("a"), text("1"));
      await store.put(key("a"), text("2"));
      await refused(store.get(key("a"), { ifMatch: etag }), "precondition-failed", "get with a stale etag");
    },
    "ifMatch",
  ],
  [
    "get-match-any",
    "get with a condition keeps it or refuses it, and never answers another object",
    async ({ store, key }) => {
      const { etag = '"no-such"' } = await store.put(key("a"), text("1"));
      await store.put(key("a"), text("22"));
      const codes = ["precondition-failed", "unsupported"] as const;
      await refused(store.get(key("a"), { ifMatch: etag }), codes, "get with another object's validator");
      const { etag: current } = await store.head(key("a"));
      if (current === undefined) return;
      const found = await acceptedUnless(readIf(store, key("a"), current), "unsupported", "get with the validator");
      if (found !== undefined) equalBytes(found, text("22"));
    },
  ],
  [
    "delete-match",
    "delete with the current etag deletes",
    async ({ store, key }) => {
      const { etag } = await store.put(key("a"), text("x"));
      equal(await store.delete(key("a"), { ifMatch: etag }), "deleted", "the outcome");
      await refused(store.head(key("a")), "not-found", "head of the deleted object");
    },
    "conditionalDelete",
  ],
  [
    "delete-match-stale",
    "delete with a stale etag is precondition-failed and deletes nothing",
    async ({ store, key }) => {
      const { etag } = await store.put(key("a"), text("1"));
      await store.put(key("a"), text("2"));
      await refused(store.delete(key("a"), { ifMatch: etag }), "precondition-failed", "delete with a stale etag");
      equalBytes(await readAll(store, key("a")), text("2"));
    },
    "conditionalDelete",
  ],
  [
    "delete-match-absent",
    "delete with an etag of what is gone finds nothing",
    async ({ store, key }) => {
      const { etag } = await store.put(key("a"), text("1"));
      await store.delete(key("a"));
      equal(await store.delete(key("a"), { ifMatch: etag }), "absent", "the outcome");
    },
    "conditionalDelete",
  ],
  [
    "delete-match-unsupported",
    "a store without conditional deletion refuses it and deletes nothing",
    async ({ store, key }) => {
      await store.put(key("a"), text("1"));
      await refused(store.delete(key("a"), { ifMatch: "x" }), "unsupported", "a conditional deletion");
      equalBytes(await readAll(store, key("a")), text("1"));
    },
    "no-conditionalDelete",
  ],
]);
