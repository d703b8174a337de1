import type { ListOptions, ListPage, ObjectInfo } from "@mortise/core";
import { compareKeys, isKey } from "@mortise/core";
import type { Resource } from "./propfind.ts";

/** What is directly in a folder, given by its path with a slash at its end; empty if there is no such folder. */
export type ReadFolder = (folder: string, signal: AbortSignal | undefined) => Promise<readonly Resource[]>;

const defaultPageSize = 1_000;

/** The pages of the walk; `_mortise/` is never among them. */
export async function* listPages(read: ReadFolder, root: string, options: ListOptions): AsyncGenerator<ListPage> {
  const { prefix = "", startAfter = "", delimiter, pageSize = defaultPageSize, signal } = options;
  if (prefix.startsWith("_mortise/")) return;
  let objects: ObjectInfo[] = [];
  let prefixes: string[] = [];
  // The deepest folder that every key with the prefix is in.
  const start = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  const shallow = delimiter !== undefined;
  for await (const entry of walk(read, root, start, { prefix, startAfter, shallow, signal })) {
    if (typeof entry === "string") prefixes.push(entry);
    else objects.push(entry);
    if (objects.length + prefixes.length < pageSize) continue;
    yield { objects, prefixes };
    objects = [];
    prefixes = [];
  }
  if (objects.length + prefixes.length > 0) yield { objects, prefixes };
}

/** Whether there is an object in the folder or in one below it, whose key comes after `startAfter`. */
export async function holdsObject(
  read: ReadFolder,
  root: string,
  folder: string,
  signal: AbortSignal | undefined,
  startAfter = "",
): Promise<boolean> {
  const inside = walk(read, root, folder, { prefix: folder, startAfter, shallow: false, signal });
  const first = await inside.next();
  await inside.return(undefined);
  return first.done !== true;
}

interface WalkOptions {
  readonly prefix: string;
  readonly startAfter: string;
  /** Whether folders below the prefix are told as texts instead of being entered. */
  readonly shallow: boolean;
  readonly signal: AbortSignal | undefined;
}

/**
 * In UTF-8 byte order, whatever the server's: a folder sorts as its name with a slash, which is where its objects belong
 * among its neighbours (`a-b` < `a/b` < `a0`). So only what is in one folder per level is in memory.
 */
async function* walk(
  read: ReadFolder,
  root: string,
  folder: string,
  options: WalkOptions,
): AsyncGenerator<ObjectInfo | string> {
  const { prefix, startAfter, shallow, signal } = options;
  const named = (await read(folder, signal))
    .map((resource) => ({ path: resource.path.slice(root.length) + (resource.folder ? "/" : ""), resource }))
    .sort((left, right) => compareKeys(left.path, right.path));
  for (const { path, resource } of named) {
    if (
      (path === "_mortise/" && folder === "") ||
      !(path.startsWith(prefix) || (resource.folder && prefix.startsWith(path)))
    )
      continue;
    if (!resource.folder) {
      const { size, lastModified, etag } = resource;
      if (compareKeys(path, startAfter) > 0 && isKey(path)) yield { key: path, size, lastModified, etag };
      continue;
    }
    // Every key in the folder begins with its path, so all of them come before `startAfter`, or may not.
    if (compareKeys(path, startAfter) < 0 && !startAfter.startsWith(path)) continue;
    if (!shallow || path.length <= prefix.length) yield* walk(read, root, path, options);
    // A folder without objects is no prefix: servers keep the folders of what was deleted.
    else if (await holdsObject(read, root, path, signal, startAfter)) yield path;
  }
}
