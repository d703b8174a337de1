import type { Bytes } from "@mortise/core";
import { collect } from "../streams/collect.ts";

/** All of a short body, or the beginning and everything after it as one body again. */
export type Start =
  | { readonly whole: Bytes; readonly chunks: undefined }
  | { readonly whole: undefined; readonly chunks: AsyncIterable<Bytes> };

/**
 * Reads a body until its end or until it is longer than `limit` bytes. `onFirst` is awaited when the first chunk is there:
 * a source that says nothing takes no share of the memory.
 */
export async function collectUpTo(
  chunks: AsyncIterable<Bytes>,
  limit: number,
  onFirst: () => Promise<void> | undefined,
): Promise<Start> {
  const iterator = chunks[Symbol.asyncIterator]();
  const read: Bytes[] = [];
  let length = 0;
  try {
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) break;
      if (read.length === 0) await onFirst();
      length += next.value.byteLength;
      // A source may reuse its buffer, but not before it is asked for the next chunk.
      read.push(length > limit ? next.value : new Uint8Array(next.value));
      if (length > limit) return { whole: undefined, chunks: joined(read, iterator) };
    }
  } catch (error) {
    // Not awaited: what fails may also hang when it is told to stop.
    void iterator.return?.().then(undefined, () => undefined);
    throw error;
  }
  return {
    whole: (read.length === 1 ? read[0] : undefined) ?? (await collect(joined(read), length)),
    chunks: undefined,
  };
}

async function* joined(read: Bytes[], iterator?: AsyncIterator<Bytes>): AsyncGenerator<Bytes> {
  let finished = false;
  try {
    for (let chunk = read.shift(); chunk !== undefined; chunk = read.shift()) yield chunk;
    if (iterator === undefined) return;
    for (;;) {
      const next = await iterator.next();
      if (next.done === true) break;
      yield next.value;
    }
    finished = true;
  } finally {
    if (!finished) await iterator?.return?.();
  }
}
