import { join } from "node:path";
import { digest } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import { unlink } from "../syscalls.ts";
import { removeAbandoned, take } from "./lock-file.ts";

/** Waits between two looks at another process' lock, and looks before giving up: about half a minute. */
const pauseMs = 25;
const maxLooks = 1_200;

// Shared by all stores of this process: two of them may be open on one folder.
const queues = new Map<string, Promise<void>>();

/** Runs `work` alone among all calls in this process that lock `path`. */
export async function withinProcess<T>(path: string, work: () => Promise<T>): Promise<T> {
  const before = queues.get(path);
  let done = (): void => undefined;
  const mine = new Promise<void>((resolve) => {
    done = resolve;
  });
  queues.set(path, mine);
  await before;
  try {
    return await work();
  } finally {
    if (queues.get(path) === mine) queues.delete(path);
    done();
  }
}

/**
 * The same among all processes, by a file in the staging folder that names its holder. File systems can't exchange a
 * file under a condition; so that two writers that compared the same etag don't both win, they compare one after the
 * other. A lock whose process on this host is gone is taken over; one of another host is waited for and then reported.
 */
export async function amongProcesses<T>(
  site: OperationSite,
  staging: string,
  path: string,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const lock = join(staging, `lock-${digest("sha256", new TextEncoder().encode(path)).slice(0, 32)}`);
  return await withinProcess(path, async () => {
    for (let look = 0; !(await take(lock)); look++) {
      signal?.throwIfAborted();
      if (look >= maxLooks) {
        throw storeError(site, "unavailable", "another process holds the lock of a conditional write", {
          hint: `if no such process runs any more, remove ${lock}`,
        });
      }
      if (!(await removeAbandoned(lock))) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    try {
      return await work();
    } finally {
      await unlink(lock).catch(() => undefined);
    }
  });
}
