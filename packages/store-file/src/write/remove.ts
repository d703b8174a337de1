import { dirname } from "node:path";
import type { DeleteOptions } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import { etagOf } from "../etag.ts";
import type { Containment } from "../root/containment.ts";
import type { Layout } from "../root/layout.ts";
import { codeOf, link, lstat, rename, unlink } from "../syscalls.ts";
import type { Directories } from "./directories.ts";
import { amongProcesses } from "./key-lock.ts";
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
    if (ifMatch === undefined) await unlink(path);
    else {
      await prepare();
      await amongProcesses(site, layout.staging, path, signal, () => removeIfMatch(site, staging, path, ifMatch));
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

/**
 * Takes the file away before it compares for certain: whoever overwrites in between has written a new file, which this
 * never touches. What was taken wrongly is put back unless a newer one has come.
 */
async function removeIfMatch(site: OperationSite, staging: Staging, path: string, etag: string): Promise<void> {
  const changed = (): Error =>
    storeError(site, "precondition-failed", "the object is no longer the one that ifMatch names; nothing was deleted");
  const seen = await lstat(path);
  if (etagOf(seen) !== etag) throw changed();
  const taken = staging.newPath();
  await rename(path, taken);
  if (etagOf(await lstat(taken)) !== etag) {
    await link(taken, path).catch((error: unknown) => {
      if (codeOf(error) !== "EEXIST") throw error;
    });
    await unlink(taken);
    throw changed();
  }
  await unlink(taken);
}
