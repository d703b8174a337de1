import { closeRead, codeOf, flush, open, statOpen } from "../syscalls.ts";

/** Makes the entries of folders durable. */
export interface DirectoryFlush {
  /**
   * Resolves when the entries that are in the folder now would survive a power cut, with the folder's identity. Calls
   * that come while a flush runs share the next one: many files of one folder cost few flushes.
   */
  flush(directory: string): Promise<string>;
}

interface Rounds {
  readonly running: Promise<string>;
  next: Promise<string> | undefined;
}

/** Windows can't open a folder to flush it, and keeps its entries in the journal of the file system. */
const possible = process.platform !== "win32";

export function createDirectoryFlush(): DirectoryFlush {
  const rounds = new Map<string, Rounds>();

  function start(directory: string): Promise<string> {
    const running = flushNow(directory).finally(() => {
      if (rounds.get(directory)?.running === running && rounds.get(directory)?.next === undefined)
        rounds.delete(directory);
    });
    rounds.set(directory, { running, next: undefined });
    return running;
  }

  return {
    flush(directory) {
      const round = rounds.get(directory);
      if (round === undefined) return start(directory);
      // The running flush may have passed our entry already; the next one surely has it.
      round.next ??= round.running.then(
        () => start(directory),
        () => start(directory),
      );
      return round.next;
    },
  };
}

async function flushNow(directory: string): Promise<string> {
  if (!possible) return "";
  const fd = await open(directory, "r");
  try {
    const { ino, birthtimeNs } = statOpen(fd);
    await flush(fd);
    return `${ino}.${birthtimeNs}`;
  } catch (error) {
    // Some network and user-space file systems refuse to flush a folder; their entries are as durable as they make them.
    if (codeOf(error) === "EINVAL" || codeOf(error) === "ENOTSUP") return "";
    throw error;
  } finally {
    closeRead(fd);
  }
}
