import { dirname } from "node:path";
import type { PutMode } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import { collisionError, conflictError, linkError } from "../errors.ts";
import { etagOf } from "../etag.ts";
import type { Containment } from "../root/containment.ts";
import type { Layout } from "../root/layout.ts";
import type { FileStat } from "../syscalls.ts";
import { codeOf, link, lstat, realpath, rename, rmdir, unlink } from "../syscalls.ts";
import type { Directories } from "./directories.ts";
import { amongProcesses, withinProcess } from "./key-lock.ts";
import { noLinks } from "./no-links.ts";
import type { FileSystemTraits } from "./probe.ts";

/** Parents that other processes remove are made again this often. */
const maxAttempts = 100;

/** Gives a complete file its name: the moment in which an object appears or changes. */
export interface Commit {
  /** Moves the file at `from`, which must be in this store, to `target` under the condition `mode`; durable when it resolves. */
  place(
    site: OperationSite,
    from: string,
    stat: FileStat,
    target: string,
    mode: PutMode,
    signal?: AbortSignal,
  ): Promise<void>;
}

export interface CommitParts {
  readonly layout: Layout;
  readonly containment: Containment;
  readonly directories: Directories;
  readonly traits: () => FileSystemTraits;
}

export function createCommit({ layout, containment, directories, traits }: CommitParts): Commit {
  /** Runs `work` with the parents of `target` in place, again if a delete elsewhere removed them in between. */
  async function withParents(site: OperationSite, target: string, work: () => Promise<void>): Promise<void> {
    const parent = dirname(target);
    for (let attempt = 1; ; attempt++) {
      try {
        await directories.ensure(site, parent);
        await containment.check(site, parent);
        await work();
        break;
      } catch (error) {
        if (codeOf(error) !== "ENOENT" || attempt >= maxAttempts) throw error;
        directories.forget(parent);
      }
    }
  }

  async function refuseCollision(site: OperationSite, target: string): Promise<void> {
    if (traits().caseSensitive) return;
    const real = await realpath(target).catch(() => target);
    if (real === target) return;
    if (!layout.contains(real)) throw linkError(site);
    throw collisionError(site, layout.relative(real));
  }

  async function create(site: OperationSite, from: string, stat: FileStat, target: string): Promise<void> {
    if (!traits().hardLinks) return await createByRename(site, from, target);
    try {
      await link(from, target);
    } catch (error) {
      if (noLinks.has(codeOf(error))) return await createByRename(site, from, target);
      if (codeOf(error) !== "EEXIST") throw error;
      const existing = await lstat(target);
      // NFS repeats a request whose answer was lost, and then sees its own success as somebody else's.
      if (existing.ino !== stat.ino || existing.dev !== stat.dev) throw await occupied(site, existing, target, error);
    }
  }

  /** Without hard links nothing creates atomically: the capability is gone, and only this process is excluded. */
  async function createByRename(site: OperationSite, from: string, target: string): Promise<void> {
    await withinProcess(target, async () => {
      const existing = await lstat(target).catch(() => undefined);
      if (existing !== undefined) throw await occupied(site, existing, target, undefined);
      await rename(from, target);
    });
  }

  /**
   * Who is told that the object exists may rely on it at once. Its maker may not have flushed the entry yet, or have been
   * killed before; then a power cut would take the object from under a row that was committed since.
   */
  async function occupied(site: OperationSite, existing: FileStat, target: string, cause: unknown): Promise<Error> {
    if (existing.isDirectory()) return folderError(site, target, cause);
    await directories.settle(site, dirname(target));
    return storeError(site, "already-exists", "the object exists", { cause });
  }
  function folderError(site: OperationSite, target: string, cause: unknown): Error {
    return conflictError(site, `"${layout.relative(target)}" is the folder of other objects`, cause);
  }

  async function overwrite(site: OperationSite, from: string, target: string): Promise<void> {
    try {
      await rename(from, target);
    } catch (error) {
      const found = await lstat(target).catch(() => undefined);
      if (found?.isDirectory() !== true) throw error;
      // A folder without objects is nothing: a delete may have left it.
      await rmdir(target).catch(() => {
        throw folderError(site, target, error);
      });
      directories.forget(target);
      await rename(from, target);
    }
  }

  async function exchange(site: OperationSite, from: string, target: string, etag: string): Promise<void> {
    const current = await lstat(target).catch((error: unknown) => {
      if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
      throw error;
    });
    if (current === undefined || etagOf(current) !== etag) {
      throw storeError(
        site,
        "precondition-failed",
        current === undefined ? "there is no object" : "the object was overwritten",
        {
          hint: "read it again and decide anew",
        },
      );
    }
    await rename(from, target);
  }

  async function name(
    site: OperationSite,
    from: string,
    stat: FileStat,
    target: string,
    mode: PutMode,
    signal?: AbortSignal,
  ): Promise<void> {
    if (mode === "create") return await create(site, from, stat, target);
    if (mode === "overwrite") return await withinProcess(target, () => overwrite(site, from, target));
    const { ifMatch } = mode;
    await amongProcesses(site, layout.staging, target, signal, () => exchange(site, from, target, ifMatch));
  }

  return {
    async place(site, from, stat, target, mode, signal) {
      signal?.throwIfAborted();
      await withParents(site, target, async () => {
        await refuseCollision(site, target);
        await name(site, from, stat, target, mode, signal);
      });
      // What was linked has two names now; the flush of the folder and the removal of the first need not wait for another.
      const first = mode === "create" ? unlink(from).catch(() => undefined) : undefined;
      await Promise.all([directories.settle(site, dirname(target)), first]);
    },
  };
}
