import type { ObjectKey } from "@mortise/core";
import { acceptedUnless, equal, equalBytes, refused } from "../assert.ts";
import type { CaseContext, ConformanceCase } from "../case.ts";
import { defineCases, listAll, readAll, text } from "../case.ts";

/** What an object holds if not its own name, by name. */
type Changed = Readonly<Record<string, string>>;

/** The objects, each holding its own name or what `changed` says, can be read. Listings are a rule of their own. */
async function areThere({ store, key }: CaseContext, names: readonly string[], changed: Changed = {}): Promise<void> {
  for (const name of names) {
    equalBytes(await readAll(store, key(name)), text(changed[name] ?? name), `the body of ${name}`);
  }
}

/** What was refused, or moved away, or deleted. */
async function isAbsent({ store, key }: CaseContext, name: string): Promise<void> {
  await refused(store.head(key(name)), "not-found", `head of ${name}`);
}

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
      await areThere(context, ["d/a", "d/e/b", ...(both ? ["d"] : [])]);
      if (!both) await isAbsent(context, "d");
    },
  ],
  [
    "below",
    "a write below an object leaves it, and works or is invalid-key",
    async (context) => {
      const { store, key } = context;
      await fill(context, "d");
      for (const name of ["d/a", "d/e/f/b"]) {
        const both = await takes(store.put(key(name), text(name)), key(name));
        await areThere(context, both ? ["d", name] : ["d"]);
        if (!both) await isAbsent(context, name);
      }
    },
  ],
  [
    "copy",
    "a copy to the folder of others, or below an object, leaves them",
    async (context) => {
      const { store, key } = context;
      await fill(context, "d/a", "x", "y");
      for (const name of ["d", "y/a"]) {
        const both = await takes(store.copy(key("x"), key(name)), key(name));
        await areThere(context, ["d/a", "x", "y", ...(both ? [name] : [])], { [name]: "x" });
        if (!both) await isAbsent(context, name);
      }
    },
  ],
  [
    "move",
    "a move to the folder of others leaves them, and its source if it is refused",
    async (context) => {
      const { store, key } = context;
      await fill(context, "d/a", "x");
      const moved = await takes(store.move(key("x"), key("d")), key("d"));
      await areThere(context, ["d/a", moved ? "d" : "x"], { d: "x" });
      await isAbsent(context, moved ? "x" : "d");
    },
  ],
  [
    "move-below",
    "a move below an object leaves it, and its source if it is refused",
    async (context) => {
      const { store, key } = context;
      await fill(context, "x", "y");
      const moved = await takes(store.move(key("x"), key("y/a")), key("y/a"));
      await areThere(context, ["y", moved ? "y/a" : "x"], { "y/a": "x" });
      await isAbsent(context, moved ? "x" : "y/a");
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
  [
    "list",
    "where both are there, listings show both",
    async (context) => {
      const { store, key, prefix } = context;
      await fill(context, "d/a");
      const both = await takes(store.put(key("d"), text("d")), key("d"));
      const keys = (await listAll(store, prefix)).map((info) => info.key);
      equal(keys, both ? [key("d"), key("d/a")] : [key("d/a")], "the keys");
      const shown: string[] = [];
      for await (const page of store.list({ prefix, delimiter: "/" })) {
        shown.push(...page.objects.map((info) => info.key), ...page.prefixes);
      }
      equal(shown, both ? [key("d"), `${key("d")}/`] : [`${key("d")}/`], "the keys and prefixes with a delimiter");
    },
  ],
]);
