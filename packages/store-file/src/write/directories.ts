import { dirname } from "node:path";
import type { OperationSite } from "@mortise/store-kit";
import { conflictError } from "../errors.ts";
import type { Containment } from "../root/containment.ts";
import type { Layout } from "../root/layout.ts";
import { codeOf, mkdir, rmdir, stat } from "../syscalls.ts";
import type { DirectoryFlush } from "./directory-flush.ts";

/** Folders that are known to exist durably; more than this are looked at again. */
const maxKnown = 20_000;

/** The folders between the root and the objects. They come with the first object in them and go with the last. */
export interface Directories {
  /** Creates what is missing of the path to `directory`, each entry durable before anything is put below it. */
  ensure(site: OperationSite, directory: string): Promise<void>;
  /** Makes the entries of `directory` durable, and the entries that lead to it if it is another than `ensure` saw. */
  settle(site: OperationSite, directory: string): Promise<void>;
  /** Makes the entries of `directory` durable as they are. */
  flush(directory: string): Promise<void>;
  /** The directory has vanished under us: `ensure` must look again. */
  forget(directory: string): void;
  /** Removes `directory` and its parents as far as they are empty. */
  prune(directory: string): Promise<void>;
}

/** `flusher` is absent for stores that are not durable. */
export function createDirectories(
  layout: Layout,
  containment: Containment,
  flusher: DirectoryFlush | undefined,
): Directories {
  const known = new Map<string, string>();
  const underWay = new Map<string, Promise<void>>();

  function remember(directory: string, identity: string): void {
    if (known.size >= maxKnown) {
      const [oldest] = known.keys();
      if (oldest !== undefined) known.delete(oldest);
    }
    known.set(directory, identity);
  }

  async function create(site: OperationSite, directory: string): Promise<void> {
    const parent = dirname(directory);
    await ensure(site, parent);
    // Before mkdir: through a link out of the store it would make a folder elsewhere.
    await containment.check(site, parent);
    try {
      await mkdir(directory);
    } catch (error) {
      if (codeOf(error) === "ENOENT") {
        // A delete in another process has just removed the empty parent.
        forget(parent);
        return await create(site, directory);
      }
      if (codeOf(error) !== "EEXIST") throw notDirectory(site, directory, error);
      const found = await stat(directory);
      if (!found.isDirectory()) throw notDirectory(site, directory, error);
    }
    // Also where it existed: whoever made it may not have flushed it yet, or have died before.
    if (flusher !== undefined) await flusher.flush(parent);
    remember(directory, "");
  }

  function ensure(site: OperationSite, directory: string): Promise<void> {
    if (directory === layout.root || known.has(directory)) return Promise.resolve();
    const present = underWay.get(directory);
    if (present !== undefined) return present;
    const making = create(site, directory).finally(() => underWay.delete(directory));
    underWay.set(directory, making);
    return making;
  }

  function forget(directory: string): void {
    for (let path = directory; layout.contains(path) && path !== layout.root; path = dirname(path)) known.delete(path);
  }

  function notDirectory(site: OperationSite, directory: string, cause: unknown): unknown {
    if (codeOf(cause) !== "EEXIST" && codeOf(cause) !== "ENOTDIR") return cause;
    return conflictError(site, `"${layout.relative(directory)}" is an object, so there can be nothing below it`, cause);
  }

  /** Undefined where there is nothing to flush: what was in the folder has been deleted by others meanwhile, and so has it. */
  async function flushExisting(directory: string): Promise<string | undefined> {
    try {
      return await flusher?.flush(directory);
    } catch (error) {
      if (codeOf(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  return {
    ensure,
    forget,
    async flush(directory) {
      await flushExisting(directory);
    },
    async settle(site, directory) {
      const identity = await flushExisting(directory);
      if (identity === undefined) return;
      const before = known.get(directory);
      if (directory === layout.root || before === identity) return;
      if (before !== "") {
        // Removed and made anew by another process since: its entry may not be on the disk yet.
        forget(directory);
        await ensure(site, directory);
      }
      remember(directory, identity);
    },
    async prune(directory) {
      for (let path = directory; layout.contains(path) && path !== layout.root; path = dirname(path)) {
        known.delete(path);
        try {
          await rmdir(path);
        } catch {
          // Not empty, or busy, or gone already: an empty folder that stays is shown by no listing.
          return;
        }
      }
    },
  };
}
