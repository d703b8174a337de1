/** Files that exist while one process does something, and name that process. */
import { open as openFile, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import type { FileStat } from "../syscalls.ts";
import { codeOf, link, lstat, rename, unlink } from "../syscalls.ts";
import { noLinks } from "./no-links.ts";

/** Age in milliseconds from which a lock that names nobody is a dead one's: its maker writes the name at once or never. */
const namelessMs = 10_000;

/**
 * Creates `lock`, complete with its holder's name; false if it exists. A file that is created first and written then
 * would name nobody for ever if a crash came between. Where there are no hard links, that can happen.
 */
export async function take(lock: string, linkFile: typeof link = link): Promise<boolean> {
  const complete = `${lock}-${crypto.randomUUID()}`;
  try {
    await create(complete);
    await linkFile(complete, lock);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    if (!noLinks.has(codeOf(error))) throw error;
  } finally {
    await unlink(complete).catch(() => undefined);
  }
  return await create(lock);
}

async function create(path: string): Promise<boolean> {
  try {
    await using handle = await openFile(path, "wx");
    await handle.writeFile(`${hostname()} ${process.pid}`);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/**
 * Removes the lock of a dead process, if it is one, under a lock of its own: of two that saw the same dead holder, the
 * second would otherwise remove the lock that the first has taken meanwhile.
 */
export async function removeAbandoned(lock: string): Promise<boolean> {
  if ((await abandoned(lock)) === undefined) return false;
  const removal = `${lock}-removal`;
  if (!(await take(removal))) {
    await removeExactly(removal, await abandoned(removal));
    return false;
  }
  try {
    const found = await abandoned(lock);
    if (found !== undefined) await unlink(lock);
    return found !== undefined;
  } finally {
    await unlink(removal).catch(() => undefined);
  }
}

/** Removes the file that was seen, and gives back another one that has taken its place. */
async function removeExactly(path: string, seen: FileStat | undefined): Promise<void> {
  if (seen === undefined) return;
  const taken = `${path}-${crypto.randomUUID()}`;
  try {
    await rename(path, taken);
    if ((await lstat(taken)).ino !== seen.ino) await link(taken, path);
  } catch (error) {
    // Others are at the same: they have removed it, or made theirs.
    if (codeOf(error) !== "ENOENT" && codeOf(error) !== "EEXIST") throw error;
  } finally {
    await unlink(taken).catch(() => undefined);
  }
}

/** The lock file, if its holder was a process of this host that is gone, or nobody can be its holder. */
async function abandoned(lock: string): Promise<FileStat | undefined> {
  try {
    const found = await lstat(lock);
    const [host, pid = ""] = (await readFile(lock, "utf8")).split(" ");
    const dead = /^\d+$/.test(pid)
      ? host === hostname() && isGone(Number(pid))
      : Date.now() - Number(found.mtimeMs) > namelessMs;
    return dead ? found : undefined;
  } catch {
    // Gone meanwhile, or of a user who lets nobody read it.
    return undefined;
  }
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
}
