import { join } from "node:path";
import type { ByteSource } from "@mortise/core";
import { chunksOf, rechunk } from "@mortise/store-kit";
import { nextModified } from "../etag.ts";
import type { FileStat } from "../syscalls.ts";
import {
  abandon,
  close,
  closeRead,
  codeOf,
  copyFile,
  flush,
  open,
  setModified,
  statOpen,
  unlink,
  write,
} from "../syscalls.ts";

const chunkBytes = 512 * 1024;
// Unique in this process and, by the random part, everywhere; a collector tells the age from the file's time.
const own = crypto.randomUUID().slice(0, 13);
let count = 0;

/** A complete file in `_mortise/staging/`, waiting to be given its name. */
export interface Staged {
  readonly path: string;
  readonly stat: FileStat;
}

/** Writes bodies to temporary files. */
export interface Staging {
  /** A path that nothing has. */
  newPath(): string;
  /** Writes and flushes; leaves nothing if it fails. */
  write(body: ByteSource, signal: AbortSignal | undefined): Promise<Staged>;
  /** The same from a file of this store. */
  copy(from: string): Promise<Staged>;
  discard(staged: { readonly path: string }): Promise<void>;
}

export function createStaging(directory: string, durable: boolean): Staging {
  const newPath = (): string => join(directory, `${own}-${(count++).toString(36)}`);

  async function finish(fd: number, path: string): Promise<Staged> {
    await setModified(fd, nextModified()).catch(ignoreUnsupported);
    if (durable) await flush(fd);
    return { path, stat: statOpen(fd) };
  }
  async function fill(fd: number, body: ByteSource, signal: AbortSignal | undefined): Promise<void> {
    // Small bodies are the common ones: one write, no iteration.
    if (body instanceof Uint8Array && body.byteLength <= chunkBytes) return await write(fd, body);
    for await (const chunk of rechunk(chunksOf(body), chunkBytes)) {
      signal?.throwIfAborted();
      await write(fd, chunk);
    }
  }
  async function withFile(path: string, flags: string, work: (fd: number) => Promise<Staged>): Promise<Staged> {
    const fd = await open(path, flags);
    let isOpen = true;
    try {
      const staged = await work(fd);
      isOpen = false;
      if (durable) closeRead(fd);
      else await close(fd);
      return staged;
    } catch (error) {
      if (isOpen) await abandon(fd);
      await discard({ path });
      throw error;
    }
  }
  async function discard({ path }: { readonly path: string }): Promise<void> {
    try {
      await unlink(path);
    } catch (error) {
      if (codeOf(error) !== "ENOENT") throw error;
    }
  }

  return {
    newPath,
    discard,
    async write(body, signal) {
      const path = newPath();
      return await withFile(path, "wx", async (fd) => {
        await fill(fd, body, signal);
        return await finish(fd, path);
      });
    },
    async copy(from) {
      const path = newPath();
      try {
        await copyFile(from, path);
      } catch (error) {
        await discard({ path });
        throw error;
      }
      return await withFile(path, "r+", (fd) => finish(fd, path));
    },
  };
}

/** Some user-space and network file systems set times themselves; their own must do for the etag then. */
function ignoreUnsupported(error: unknown): void {
  if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(codeOf(error) ?? "")) throw error;
}
