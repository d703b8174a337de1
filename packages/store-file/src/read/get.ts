import type { Bytes, GetOptions, GetResult, Logger, ObjectInfo, ObjectKey } from "@mortise/core";
import type { OperationSite, ResolvedRange } from "@mortise/store-kit";
import { bufferedResult, resolveRange, storeError, streamedResult, watchForgotten } from "@mortise/store-kit";
import { systemError } from "../errors.ts";
import type { Containment } from "../root/containment.ts";
import type { Layout } from "../root/layout.ts";
import { closeRead, read } from "../syscalls.ts";
import { openObject } from "./open-object.ts";

/** Bytes that are read with the answer, so that nothing stays open. */
const atOnce = 256 * 1024;
const chunkBytes = 512 * 1024;

/** A file that is being read. */
interface OpenFile {
  readonly fd: number;
  open: boolean;
  /** Reads under way use the descriptor: it is closed after them, or its number could already mean another file. */
  reading: Promise<unknown> | undefined;
}

/** `get`: small objects in one go, large ones as a stream that holds the file open until its end or disposal. */
export type GetObject = (site: OperationSite, key: ObjectKey, options: GetOptions) => Promise<GetResult>;

export function createGet(layout: Layout, containment: Containment, logger: Logger, storeName: string): GetObject {
  const forgotten = watchForgotten<number>(logger, storeName, closeRead);

  async function readBuffered(site: OperationSite, fd: number, range: ResolvedRange): Promise<Bytes> {
    try {
      return await read(fd, range.offset, range.length);
    } catch (error) {
      throw systemError(site, error);
    } finally {
      closeRead(fd);
    }
  }

  function stream(site: OperationSite, fd: number, info: ObjectInfo, range: ResolvedRange): GetResult {
    const file: OpenFile = { fd, open: true, reading: undefined };
    const { key } = info;
    forgotten.watch(file, fd, key);
    async function end(): Promise<void> {
      await file.reading?.catch(() => undefined);
      if (!file.open) return;
      file.open = false;
      forgotten.unwatch(file);
      closeRead(file.fd);
    }
    async function* chunks(): AsyncGenerator<Bytes> {
      let position = range.offset;
      const stop = range.offset + range.length;
      try {
        while (position < stop) {
          if (!file.open) throw storeError(site, "aborted", "the result was disposed while its body was read");
          const reading = read(file.fd, position, Math.min(chunkBytes, stop - position));
          file.reading = reading;
          const chunk = await reading;
          if (chunk.byteLength === 0) return;
          position += chunk.byteLength;
          yield chunk;
        }
      } catch (error) {
        throw systemError(site, error);
      } finally {
        await end();
      }
    }
    return streamedResult(info, range, chunks(), end);
  }

  return async (site, key, options) => {
    const { fd, info } = await openObject(layout, containment, site, key);
    let range: ResolvedRange;
    try {
      if (options.ifMatch !== undefined && options.ifMatch !== info.etag) {
        throw storeError(site, "precondition-failed", "the object is no longer the one that ifMatch names");
      }
      range = resolveRange(site, options.range, info.size);
    } catch (error) {
      closeRead(fd);
      throw error;
    }
    if (range.length <= atOnce) return bufferedResult(info, range, await readBuffered(site, fd, range));
    return stream(site, fd, info, range);
  };
}
