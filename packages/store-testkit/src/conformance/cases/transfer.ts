import { equal, equalBytes, refused } from "../assert.ts";
import type { ConformanceCase } from "../case.ts";
import { defineCases, listAll, pattern, readAll, text } from "../case.ts";

/** Copies and moves inside a store. */
export const transferCases: readonly ConformanceCase[] = defineCases("transfer", [
  [
    "copy",
    "a copy has the same bytes, and the source stays",
    async ({ store, key }) => {
      await store.put(key("a"), pattern(300_000));
      equal((await store.copy(key("a"), key("d/b"))).size, 300_000, "the size in the result");
      equalBytes(await readAll(store, key("a")), pattern(300_000));
      equalBytes(await readAll(store, key("d/b")), pattern(300_000));
    },
  ],
  [
    "copy-empty",
    "an empty object is copied",
    async ({ store, key }) => {
      await store.put(key("a"), new Uint8Array());
      await store.copy(key("a"), key("b"));
      equal((await store.head(key("b"))).size, 0, "the size");
    },
  ],
  [
    "copy-independent",
    "copy and source are two objects",
    async ({ store, key }) => {
      await store.put(key("a"), text("1"));
      await store.copy(key("a"), key("b"));
      await store.put(key("a"), text("2"));
      equalBytes(await readAll(store, key("b")), text("1"));
      await store.delete(key("a"));
      equalBytes(await readAll(store, key("b")), text("1"));
    },
  ],
  [
    "copy-overwrites",
    "a copy replaces what is there",
    async ({ store, key }) => {
      await store.put(key("a"), text("new"));
      await store.put(key("b"), text("old and longer"));
      await store.copy(key("a"), key("b"));
      equalBytes(await readAll(store, key("b")), text("new"));
    },
  ],
  [
    "copy-create",
    "a copy with create refuses what is there",
    async ({ store, key }) => {
      await store.put(key("a"), text("new"));
      await store.put(key("b"), text("old"));
      await refused(store.copy(key("a"), key("b"), { mode: "create" }), "already-exists", "a copy with create");
      equalBytes(await readAll(store, key("b")), text("old"));
      await store.copy(key("a"), key("c"), { mode: "create" });
      equalBytes(await readAll(store, key("c")), text("new"));
    },
    "create",
  ],
  [
    "copy-match",
    "a copy with ifMatch replaces the target that it names",
    async ({ store, key }) => {
      await store.put(key("a"), text("new"));
      const { etag = "" } = await store.put(key("b"), text("old"));
      await store.copy(key("a"), key("b"), { mode: { ifMatch: etag } });
      equalBytes(await readAll(store, key("b")), text("new"));
    },
    "ifMatch",
  ],
  [
    "copy-match-stale",
    "a copy with ifMatch refuses a target that was overwritten or deleted, and leaves it so",
    async ({ store, key }) => {
      await store.put(key("a"), text("new"));
      const { etag = "" } = await store.put(key("b"), text("first"));
      const copy = () => store.copy(key("a"), key("b"), { mode: { ifMatch: etag } });
      await store.put(key("b"), text("second"));
      await refused(copy(), "precondition-failed", "a copy onto what was overwritten");
      equalBytes(await readAll(store, key("b")), text("second"));
      await store.delete(key("b"));
      await refused(copy(), "precondition-failed", "a copy onto what was deleted");
      await refused(store.head(key("b")), "not-found", "head of what was refused");
    },
    "ifMatch",
  ],
  [
    "copy-missing",
    "a copy of nothing is not-found and leaves the target",
    async ({ store, key }) => {
      await store.put(key("b"), text("old"));
      await refused(store.copy(key("a"), key("b")), "not-found", "a copy of nothing");
      equalBytes(await readAll(store, key("b")), text("old"));
    },
  ],
  [
    "copy-etag",
    "the validator of a copy's result is the copy's",
    async ({ store, key }) => {
      await store.put(key("a"), text("x"));
      const { etag } = await store.copy(key("a"), key("b"));
      equal((await store.head(key("b"))).etag, etag, "the etag");
    },
  ],
  [
    "move",
    "a moved object is at its new key only",
    async ({ store, key, prefix }) => {
      await store.put(key("d/a"), pattern(300_000));
      equal((await store.move(key("d/a"), key("e/b"))).size, 300_000, "the size in the result");
      equalBytes(await readAll(store, key("e/b")), pattern(300_000));
      await refused(store.head(key("d/a")), "not-found", "head of what was moved");
      equal(
        (await listAll(store, prefix)).map((info) => info.key),
        [key("e/b")],
        "the keys",
      );
    },
  ],
  [
    "move-overwrites",
    "a move replaces what is there",
    async ({ store, key }) => {
      await store.put(key("a"), text("new"));
      await store.put(key("b"), text("old"));
      await store.move(key("a"), key("b"));
      equalBytes(await readAll(store, key("b")), text("new"));
    },
  ],
  [
    "move-create",
    "a move with create refuses what is there and moves nothing",
    async ({ store, key }) => {
      await store.put(key("a"), text("new"));
      await store.put(key("b"), text("old"));
      await refused(store.move(key("a"), key("b"), { mode: "create" }), "already-exists", "a move with create");
      equalBytes(await readAll(store, key("a")), text("new"));
      equalBytes(await readAll(store, key("b")), text("old"));
      await store.move(key("a"), key("c"), { mode: "create" });
      equalBytes(await readAll(store, key("c")), text("new"));
      await refused(store.head(key("a")), "not-found", "head of what was moved");
    },
    "create",
  ],
  [
    "move-match-stale",
    "a move with ifMatch refuses a target that was overwritten, and leaves both",
    async ({ store, key }) => {
      await store.put(key("a"), text("new"));
      const { etag = "" } = await store.put(key("b"), text("first"));
      await store.put(key("b"), text("second"));
      const moved = store.move(key("a"), key("b"), { mode: { ifMatch: etag } });
      await refused(moved, "precondition-failed", "a move onto what was overwritten");
      equalBytes(await readAll(store, key("a")), text("new"));
      equalBytes(await readAll(store, key("b")), text("second"));
    },
    "ifMatch",
  ],
  [
    "move-missing",
    "a move of nothing is not-found and leaves the target",
    async ({ store, key }) => {
      await store.put(key("b"), text("old"));
      await refused(store.move(key("a"), key("b")), "not-found", "a move of nothing");
      equalBytes(await readAll(store, key("b")), text("old"));
    },
  ],
  [
    "move-self",
    "a move to itself keeps the object",
    async ({ store, key }) => {
      await store.put(key("a"), text("x"));
      await store.move(key("a"), key("a"));
      equalBytes(await readAll(store, key("a")), text("x"));
    },
  ],
]);
