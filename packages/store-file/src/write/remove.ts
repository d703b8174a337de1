import { dirname } from "node:path";
import type { DeleteOptions } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import { etagOf } from "../etag.ts";
import type { Containment } from "../root/containment.ts";
import type { Layout } from "../root/layout.ts";
import { codeOf, link, lstat, rename, unlink } from "../syscalls.ts";
import type { Directories } from "./directories.ts";
import { amongProcesses, withinProcess } from "./key-lock.ts";
import type { FileSystemTraits } from "./probe.ts";
import type { Staging } from "./staging.ts";

export interface RemoveParts {
  readonly layout: Layout;
  readonly containment: Containment;
  readonly directories: Directories;
  readonly staging: Staging;
  readonly traits: () => FileSystemTraits;
}

/** Deletes the file at `path` and the folders that it leaves empty; what is no object is absent. */
export async function removeObject(
  { layout, containment, directories, staging, traits }: RemoveParts,
  site: OperationSite,
  path: string,
  options: DeleteOptions,
  prepare: () => Promise<void>,
): Promise<"deleted" | "absent"> {
  const parent = dirname(path);
  const { ifMatch, signal } = options;
  try {
    await containment.check(site, parent);
    // Where names fold, unlink of "a" would take "A" away.
    if (!traits().caseSensitive) await containment.check(site, path);
    signal?.throwIfAborted();
    // In turn with the conditional writes of this process: one that has compared the etag must find what it compared.
    if (ifMatch === undefined) await withinProcess(path, () => unlink(path));
    else {
      await prepare();
      const parts = { directories, staging, traits };
      await amongProcesses(site, layout.staging, path, signal, () => removeIfMatch(parts, site, path, ifMatch));
    }
  } catch (error) {
    const code = codeOf(error);
    if (code === "ENOENT" || code === "ENOTDIR") return "absent";
    // Removing a folder is EISDIR on Linux and EPERM on macOS; only objects are there to be deleted.
    if ((code === "EISDIR" || code === "EPERM") && (await isFolder(path))) return "absent";
    throw error;
  }
  await directories.flush(parent);
  await directories.prune(parent);
  return "deleted";
}

async function isFolder(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}

type MatchParts = Pick<RemoveParts, "directories" | "staging" | "traits">;

/**
 * Takes the file away before it compares for certain: whoever overwrites in between has written a new file, which this
 * never deletes. What was taken wrongly is put back unless a newer one has come. Killed in between, a process leaves it
 * in the staging folder: only plain writes of *other* processes come in between, the others hold the lock.
 */
async function removeIfMatch(parts: MatchParts, site: OperationSite, path: string, etag: string): Promise<void> {
  const changed = (): Error =>
    storeError(site, "precondition-failed", "the object is no longer the one that ifMatch names; nothing was deleted");
  const seen = await lstat(path);
  if (etagOf(seen) !== etag) throw changed();
  const taken = parts.staging.newPath();
  await rename(path, taken);
  if (etagOf(await lstat(taken)) !== etag) {
    await giveBack(parts, site, taken, path);
    throw changed();
  }
  await unlink(taken);
}

/** Its writer was told that the object is there and durable, so it must be both again. */
async function giveBack(parts: MatchParts, site: OperationSite, taken: string, path: string): Promise<void> {
  const { directories, traits } = parts;
  const parent = dirname(path);
  try {
    // Another process may have removed the folder, which is empty without the object.
    directories.forget(parent);
    await directories.ensure(site, parent);
    if (traits().hardLinks) {
      await link(taken, path).catch(ignoreExisting);
      await unlink(taken);
    } else if (await isThere(path)) await unlink(taken);
    else await rename(taken, path);
    await directories.flush(parent);
  } catch (error) {
    throw storeError(
      site,
      "unavailable",
      "the object was overwritten meanwhile, and the newer one is not in its place",
      {
        cause: error,
        hint: `if nothing is at ${path}, move ${taken} there`,
        retryable: false,
      },
    );
  }
}

function ignoreExisting(error: unknown): void {
  if (codeOf(error) !== "EEXIST") throw error;
}

async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
