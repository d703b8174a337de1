import type { Dirent } from "node:fs";
import { join, sep } from "node:path";
import type { ObjectKey } from "@mortise/core";
import { compareKeys, isKey } from "@mortise/core";
import type { Layout } from "../root/layout.ts";
import { codeOf, readdir, stat } from "../syscalls.ts";
import { staysInside } from "./open-object.ts";

/** What a walk meets: an object, or with `delimiter` a folder that holds at least one. */
export type Entry = { readonly key: ObjectKey } | { readonly prefix: string };

export interface WalkOptions {
  readonly prefix: string;
  readonly startAfter: string;
  /** Whether folders below the prefix are shown as prefixes instead of being entered. */
  readonly shallow: boolean;
}

/**
 * All objects whose key begins with the prefix, in UTF-8 byte order. A folder sorts as its name with a slash, which is
 * where its objects belong among its neighbours (`a-b` < `a/b` < `a0`); so the walk is sorted as a whole while it holds
 * the names of only one folder per level.
 */
export async function* walk(layout: Layout, options: WalkOptions): AsyncGenerator<Entry> {
  const { prefix } = options;
  // The deepest folder that every key with the prefix is in.
  const start = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  yield* walkFolder(layout, start, options);
}

async function* walkFolder(layout: Layout, folder: string, options: WalkOptions): AsyncGenerator<Entry> {
  const { prefix, startAfter, shallow } = options;
  for (const { name, directory } of await namesIn(layout, folder)) {
    const path = folder + name;
    if (!path.startsWith(prefix) && !(directory && prefix.startsWith(path))) continue;
    if (!directory) {
      if (compareKeys(path, startAfter) > 0 && isKey(path)) yield { key: path };
      continue;
    }
    // Every key in the folder begins with its path, so all of them come before `startAfter`, or may not.
    if (compareKeys(path, startAfter) < 0 && !startAfter.startsWith(path)) continue;
    if (!shallow || path.length <= prefix.length) yield* walkFolder(layout, path, options);
    else if (await holdsObject(layout, path, options)) yield { prefix: path };
  }
}

async function holdsObject(layout: Layout, folder: string, options: WalkOptions): Promise<boolean> {
  const inside = walkFolder(layout, folder, { ...options, shallow: false });
  const first = await inside.next();
  await inside.return(undefined);
  return first.done !== true;
}

interface Name {
  /** Ends in a slash for a folder. */
  readonly name: string;
  readonly directory: boolean;
}

async function namesIn(layout: Layout, folder: string): Promise<readonly Name[]> {
  const path = join(layout.root, sep === "/" ? folder : folder.replaceAll("/", sep));
  let entries: readonly Dirent[];
  try {
    entries = await readdir(path);
  } catch (error) {
    // Removed since its parent was read, or no folder at all; a folder that can't be read is an error of the listing.
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return [];
    throw error;
  }
  const names: Name[] = [];
  for (const entry of entries) {
    if (folder === "" && entry.name === "_mortise") continue;
    // U+FFFD stands for bytes that are no UTF-8: such a file has no key.
    if (entry.name.includes("\uFFFD") && !(await isFile(join(path, entry.name)))) continue;
    if (entry.isDirectory()) names.push({ name: `${entry.name}/`, directory: true });
    else if (entry.isFile() || (entry.isSymbolicLink() && (await isFileInside(layout, join(path, entry.name))))) {
      names.push({ name: entry.name, directory: false });
    }
  }
  return names.sort((left, right) => compareKeys(left.name, right.name));
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile() || found.isDirectory(),
    () => false,
  );
}

/** Links to files of the store are objects; links to folders are not entered, so that a circle of them has an end. */
async function isFileInside(layout: Layout, path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true && (await staysInside(layout, path));
}
