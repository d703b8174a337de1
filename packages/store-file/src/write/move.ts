import { dirname } from "node:path";
import type { PutOptions, PutResult } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import { etagOf } from "../etag.ts";
import { lstat, unlink } from "../syscalls.ts";
import type { Commit } from "./commit.ts";
import type { Directories } from "./directories.ts";

/**
 * Gives an object another key: one rename, so that a crash leaves it under one of them; with `create` a link and an
 * unlink, between which a crash leaves both. The validator stays the same, it is the same file.
 */
export async function moveObject(
  { commit, directories }: { readonly commit: Commit; readonly directories: Directories },
  site: OperationSite,
  from: string,
  to: string,
  options: PutOptions,
): Promise<PutResult> {
  const moved = await lstat(from);
  if (moved.isSymbolicLink()) {
    throw storeError(site, "unsupported", "it is a symbolic link, which would point elsewhere from another folder", {
      hint: "copy it, which copies what it points to, and delete the link",
    });
  }
  const target = await lstat(to).catch(() => undefined);
  await commit.place(site, from, moved, to, options.mode ?? "overwrite", options.signal);
  // Two names of one file, left by a crash of such a move: rename then does nothing, and calls it success.
  if (target?.ino === moved.ino && target.dev === moved.dev) await unlink(from).catch(() => undefined);
  const source = dirname(from);
  await directories.flush(source);
  await directories.prune(source);
  return { size: Number(moved.size), etag: etagOf(moved), checksums: {} };
}
