import type { ObjectKey } from "@mortise/core";
import { acceptedUnless, equal, equalBytes } from "../assert.ts";
import type { CaseContext, ConformanceCase } from "../case.ts";
import { defineCases, listAll, readAll, text } from "../case.ts";

/** The objects, each holding its own name, are there and no others; `changed` are those that hold something else. */
async function areThere({ store, key, prefix }: CaseContext, names: readonly string[], changed: Changed = {}) {
  const keys = (await listAll(store, prefix)).map((info) => info.key);
  equal(keys, names.map(key), "the keys");
  for (const name of names)
    equalBytes(await readAll(store, key(name)), text(changed[name] ?? name), `the body of ${name}`);
}

type Changed = Readonly<Record<string, string>>;

async function fill({ store, key }: CaseContext, ...names: readonly string[]): Promise<void> {
  for (const name of names) await store.put(key(name), text(name));
}

/** Whether a store has both; one that can't must say `invalid-key` of the second, and have done nothing. */
async function takes(work: Promise<unknown>, key: ObjectKey): Promise<boolean> {
  const accepted = work.then(() => true);
  return (await acceptedUnless(accepted, "invalid-key", `what is in the way of others at ${key}`)) === true;
}

/**
 * Keys that are the beginning of others, "d" and "d/a". Object stores have both; file systems can't. Either is right, but
 * nothing that was there may be lost: a rename onto a folder can take all of it away.
 */
export const folderCases: readonly ConformanceCase[] = defineCases("folders", [
  [
    "above",
    "a write named as the folder of others leaves them, and works or is invalid-key",
    async (context) => {
      const { store, key } = context;
      await fill(context, "d/a", "d/e/b");
      const both = await takes(store.put(key("d"), text("d")), key("d"));
      await areThere(context, [...(both ? ["d"] : []), "d/a", "d/e/b"]);
    },
  ],
  [
    "below",
    "a write below an object leaves it, and works or is invalid-key",
    async (context) => {
      const { store, key } = context;
      await fill(context, "d");
      const both = await takes(store.put(key("d/a"), text("d/a")), key("d/a"));
      const deep = await takes(store.put(key("d/e/f/b"), text("d/e/f/b")), key("d/e/f/b"));
      await areThere(context, ["d", ...(both ? ["d/a"] : []), ...(deep ? ["d/e/f/b"] : [])]);
    },
  ],
  [
    "copy",
    "a copy to the folder of others, or below an object, leaves them",
    async (context) => {
      const { store, key } = context;
      await fill(context, "d/a", "x", "y");
      const above = await takes(store.copy(key("x"), key("d")), key("d"));
      const below = await takes(store.copy(key("x"), key("y/a")), key("y/a"));
      const names = [...(above ? ["d"] : []), "d/a", "x", "y", ...(below ? ["y/a"] : [])];
      await areThere(context, names, { d: "x", "y/a": "x" });
    },
  ],
  [
    "move",
    "a move to the folder of others leaves them, and its source if it is refused",
    async (context) => {
      const { store, key } = context;
      await fill(context, "d/a", "x");
      const moved = await takes(store.move(key("x"), key("d")), key("d"));
      await areThere(context, moved ? ["d", "d/a"] : ["d/a", "x"], { d: "x" });
    },
  ],
  [
    "move-below",
    "a move below an object leaves it, and its source if it is refused",
    async (context) => {
      const { store, key } = context;
      await fill(context, "x", "y");
      const moved = await takes(store.move(key("x"), key("y/a")), key("y/a"));
      await areThere(context, moved ? ["y", "y/a"] : ["x", "y"], { "y/a": "x" });
    },
  ],
  [
    "delete",
    "where both are there, each is deleted without the other",
    async (context) => {
      const { store, key } = context;
      await fill(context, "d/a");
      if (!(await takes(store.put(key("d"), text("d")), key("d")))) return;
      equal(await store.delete(key("d")), "deleted", "the outcome");
      await areThere(context, ["d/a"]);
      await fill(context, "d");
      equal(await store.delete(key("d/a")), "deleted", "the outcome");
      await areThere(context, ["d"]);
    },
  ],
]);
