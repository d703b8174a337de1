import type { ObjectKey, StoreError } from "@mortise/core";
import { isStoreError } from "@mortise/core";
import { equal, equalBytes, holds, refused } from "../assert.ts";
import type { ConformanceCase } from "../case.ts";
import { defineCases, listAll, pattern, readAll, text } from "../case.ts";

/** Deleting: idempotent, exact, and in bulk. */
export const deleteCases: readonly ConformanceCase[] = defineCases("delete", [
  [
    "deleted",
    "a deleted object is gone for get, head and list",
    async ({ store, key, prefix }) => {
      await store.put(key("a"), text("x"));
      equal(await store.delete(key("a")), "deleted", "the outcome");
      await refused(store.get(key("a")), "not-found", "get of the deleted object");
      await refused(store.head(key("a")), "not-found", "head of the deleted object");
      equal((await listAll(store, prefix)).length, 0, "the number of objects");
    },
  ],
  [
    "absent",
    "deleting what is not there is no error",
    async ({ store, key }) => equal(await store.delete(key("nothing")), "absent", "the outcome"),
  ],
  [
    "twice",
    "the second deletion finds nothing",
    async ({ store, key }) => {
      await store.put(key("d/a"), text("x"));
      equal(await store.delete(key("d/a")), "deleted", "the first outcome");
      equal(await store.delete(key("d/a")), "absent", "the second outcome");
    },
  ],
  [
    "folder",
    "the beginning of a key is not there to be deleted, and nothing below it is",
    async ({ store, key }) => {
      await store.put(key("d/a"), text("x"));
      equal(await store.delete(key("d")), "absent", "the outcome");
      equalBytes(await readAll(store, key("d/a")), text("x"));
    },
  ],
  [
    "below",
    "what would be below an object is not there to be deleted",
    async ({ store, key }) => {
      await store.put(key("a"), text("x"));
      equal(await store.delete(key("a/b")), "absent", "the outcome");
      equalBytes(await readAll(store, key("a")), text("x"));
    },
  ],
  [
    "neighbours",
    "a deletion removes one object only",
    async ({ store, key, prefix }) => {
      for (const name of ["d/a", "d/ab", "d/b", "e"]) await store.put(key(name), text(name));
      await store.delete(key("d/a"));
      equal(
        (await listAll(store, prefix)).map((info) => info.key),
        [key("d/ab"), key("d/b"), key("e")],
        "the keys",
      );
    },
  ],
  [
    "again",
    "a key can be written again after its deletion",
    async ({ store, key }) => {
      for (let round = 0; round < 5; round++) {
        await store.put(key("d/e/a"), text(`${round}`));
        equalBytes(await readAll(store, key("d/e/a")), text(`${round}`));
        await store.delete(key("d/e/a"));
      }
      await refused(store.head(key("d/e/a")), "not-found", "head of the deleted object");
    },
  ],
  [
    "becomes-folder",
    "after its deletion a key may become the beginning of others, and back",
    async ({ store, key }) => {
      await store.put(key("a"), text("1"));
      await store.delete(key("a"));
      await store.put(key("a/b"), text("2"));
      await store.delete(key("a/b"));
      await store.put(key("a"), text("3"));
      equalBytes(await readAll(store, key("a")), text("3"));
    },
  ],
  [
    "large",
    "a large object is deleted",
    async ({ store, key }) => {
      await store.put(key("a"), pattern(2_000_000));
      equal(await store.delete(key("a")), "deleted", "the outcome");
    },
  ],
  [
    "many",
    "deleteMany counts what it deleted and what was absent, and names each",
    async ({ store, key, prefix }) => {
      const keys = Array.from({ length: 50 }, (_, index) => key(`m/${index}`));
      await Promise.all(keys.map((each) => store.put(each, text("x"))));
      const outcomes = new Map<ObjectKey, string | StoreError>();
      const summary = await store.deleteMany([...keys, key("absent")], {
        onOutcome: (each, outcome) => outcomes.set(each, outcome),
      });
      equal(summary, { deleted: 50, absent: 1, failed: [] }, "the summary");
      equal(outcomes.size, 51, "the number of outcomes");
      equal(outcomes.get(key("absent")), "absent", "the outcome of what was absent");
      equal((await listAll(store, prefix)).length, 0, "the number of objects left");
    },
    "no-bulkDeleteBlind",
  ],
  [
    "many-blind",
    "deleteMany of a server that does not tell deletes everything and names each",
    async ({ store, key, prefix }) => {
      const keys = Array.from({ length: 50 }, (_, index) => key(`m/${index}`));
      await Promise.all(keys.map((each) => store.put(each, text("x"))));
      const named = new Set<ObjectKey>();
      const { deleted, absent, failed } = await store.deleteMany([...keys, key("absent")], {
        onOutcome: (each) => named.add(each),
      });
      equal([deleted + absent, failed.length, named.size], [51, 0, 51], "what was deleted or absent, failed and named");
      equal((await listAll(store, prefix)).length, 0, "the number of objects left");
    },
    "bulkDeleteBlind",
  ],
  [
    "many-listed",
    "deleteMany takes an async source, such as a listing",
    async ({ store, key, prefix }) => {
      for (let index = 0; index < 20; index++) await store.put(key(`m/${index}`), text("x"));
      async function* listed(): AsyncGenerator<ObjectKey> {
        for await (const page of store.list({ prefix, pageSize: 3 })) yield* page.objects.map((info) => info.key);
      }
      equal((await store.deleteMany(listed())).deleted, 20, "the number deleted");
      equal((await listAll(store, prefix)).length, 0, "the number of objects left");
    },
  ],
  [
    "many-none",
    "deleteMany of nothing deletes nothing",
    async ({ store }) => equal(await store.deleteMany([]), { deleted: 0, absent: 0, failed: [] }, "the summary"),
  ],
  [
    "many-bad-key",
    "deleteMany reports a key that is none and deletes the others",
    async ({ store, key }) => {
      await store.put(key("a"), text("x"));
      const { deleted, failed } = await store.deleteMany(["../x" as ObjectKey, key("a")]);
      equal(deleted, 1, "the number deleted");
      holds(failed.length === 1 && isStoreError(failed[0]?.error, "invalid-key"), "the bad key should be in `failed`");
    },
  ],
]);
