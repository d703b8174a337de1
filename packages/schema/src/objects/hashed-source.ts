import { type ByteSource, type Bytes, createHasher, digest, ValueError } from "@mortise/core";
import type { Spool } from "./spool.ts";

/** Sources up to this size are kept in memory between hashing and uploading. */
export const keptBytes: number = 1024 * 1024;

/** Below it, a caller's array is copied: cheaper than hashing it a second time to notice that it was changed meanwhile. */
const copiedBytes = 64 * 1024;

/** A source that has been read once and can be read again. */
export interface HashedSource {
  readonly md5: string;
  readonly size: number;
  /** Bytes of it that are held in memory until it is uploaded. */
  readonly held: number;
  /** Whether `md5` must be verified while uploading, because the source may have changed since. */
  readonly verify: boolean;
  open(): ByteSource;
}

/**
 * Reads a source to its end and hashes it. What can be read again is not kept; a stream that can be read once is spooled
 * to a file above `keptBytes`, so that memory stays bounded whatever its length.
 */
export async function hashSource(source: ByteSource | (() => ByteSource), spool: Spool): Promise<HashedSource> {
  const again = typeof source === "function" ? source : undefined;
  const body = again === undefined ? (source as ByteSource) : again();
  if (ArrayBuffer.isView(body)) return inMemory(body.byteLength <= copiedBytes ? copyOf(body) : body);
  if (body instanceof Blob) {
    if (body.size <= keptBytes) return inMemory(new Uint8Array(await body.arrayBuffer()));
    return { ...(await hashStream(body.stream())), held: 0, verify: true, open: () => body };
  }
  if (!isStream(body)) {
    throw new ValueError("wrong-type", `bytes to store must be a Uint8Array, Blob or stream, got ${typeof body}`);
  }
  return await hashOnce(body, again, spool);
}

/** Reads a stream to its end. A small one is kept, a large one spooled, or opened again where the caller can do that. */
async function hashOnce(
  body: AsyncIterable<Bytes>,
  again: (() => ByteSource) | undefined,
  spool: Spool,
): Promise<HashedSource> {
  const hasher = createHasher("md5");
  const kept: Bytes[] = [];
  let size = 0;
  let file: Awaited<ReturnType<Spool["create"]>> | undefined;
  try {
    for await (const chunk of body) {
      hasher.update(chunk);
      size += chunk.byteLength;
      if (size <= keptBytes) {
        kept.push(copyOf(chunk));
        continue;
      }
      if (again === undefined) {
        file ??= await spool.create();
        for (const early of kept) await file.write(early);
        await file.write(chunk);
      }
      kept.length = 0;
    }
  } finally {
    await file?.close();
  }
  const md5 = hasher.digest();
  if (file !== undefined) return { md5, size, held: 0, verify: true, open: await file.reopen() };
  if (size > keptBytes && again !== undefined) return { md5, size, held: 0, verify: true, open: again };
  const bytes = concatenate(kept, size);
  return { md5, size, held: size, verify: false, open: () => bytes };
}

/** MD5 and length of everything that comes, in constant memory. */
export async function hashStream(body: AsyncIterable<Bytes>): Promise<{ readonly md5: string; readonly size: number }> {
  const hasher = createHasher("md5");
  let size = 0;
  for await (const chunk of body) {
    hasher.update(chunk);
    size += chunk.byteLength;
  }
  return { md5: hasher.digest(), size };
}

/** A large array stays the caller's and may change meanwhile: the store compares what it gets with the digest. */
function inMemory(bytes: Bytes): HashedSource {
  const size = bytes.byteLength;
  return { md5: digest("md5", bytes), size, held: size, verify: size > copiedBytes, open: () => bytes };
}

/** Not `slice`: that of a Buffer is a view of the same memory. */
function copyOf(bytes: Bytes): Bytes {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength).slice();
}

function isStream(body: unknown): body is AsyncIterable<Bytes> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

function concatenate(chunks: readonly Bytes[], size: number): Bytes {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
