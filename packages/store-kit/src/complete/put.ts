import type { ByteSource, Bytes, Checksums, MinimalStore, ObjectKey, PutOptions, PutResult } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { asStoreError, storeError } from "../errors.ts";
import { announceClock } from "../lifecycle/clock.ts";
import type { Guard } from "../lifecycle/guard.ts";
import { checkDigests, createDigester, digestEntries } from "../streams/digests.ts";
import { measured, wrongSize } from "../streams/measure.ts";
import { chunksOf, knownSize } from "../streams/source.ts";
import { streamWeight } from "./options.ts";
import type { Runtime } from "./runtime.ts";

/** Bytes that are hashed at once: one or two milliseconds of the event loop. */
const hashAtOnce = 1024 * 1024;

/** Bodies in memory up to this are written too fast for progress to be told. */
const quietBytes = 256 * 1024;

/** Throws `unsupported` for what the backend can't promise, and for options that mean nothing, before anything is read. */
export function checkPutOptions(site: OperationSite, options: PutOptions, store: MinimalStore): void {
  const { mode = "overwrite", size, metadata } = options;
  const { putModes, metadata: takesMetadata } = store.capabilities;
  const condition = typeof mode === "string" ? mode : "ifMatch";
  if (condition !== "overwrite" && !putModes.has(condition)) {
    throw storeError(site, "unsupported", `this store can't write with the condition "${condition}"`, {
      hint: "look at capabilities.putModes; without a condition, ask head first and then overwrite",
    });
  }
  if (typeof mode === "object" && typeof mode.ifMatch !== "string") {
    throw storeError(site, "precondition-failed", "mode.ifMatch must be the etag that head or put returned");
  }
  if (size !== undefined && !(Number.isSafeInteger(size) && size >= 0)) {
    throw storeError(site, "checksum-mismatch", `size is ${size}, it must be a whole number of bytes`);
  }
  if (metadata !== undefined && Object.keys(metadata).length > 0 && !takesMetadata) {
    throw storeError(site, "unsupported", "this store keeps no metadata", {
      hint: "look at capabilities.metadata; keep what belongs to the object in its row",
    });
  }
}

/** `put` with everything around the backend's own: limits, promises about the body, progress. */
export async function putObject(
  runtime: Runtime,
  store: MinimalStore,
  site: OperationSite,
  guard: Guard,
  key: ObjectKey,
  body: ByteSource,
  options: PutOptions,
): Promise<PutResult> {
  const known = knownSize(body);
  if (known !== undefined && options.size !== undefined && known !== options.size)
    throw wrongSize(site, known, options.size);
  const size = known ?? options.size;
  const weight = body instanceof Uint8Array ? body.byteLength : Math.min(size ?? streamWeight, streamWeight);
  const waiting = runtime.writeBytes.acquire(weight, guard.signal);
  if (waiting !== undefined) {
    // Waiting for other bodies is no fault of the store's.
    guard.rest();
    await waiting;
    guard.again();
  }
  const quiet = body instanceof Uint8Array && body.byteLength <= quietBytes;
  if (!quiet) announceClock(guard.signal, guard);
  try {
    const prepared = prepare(site, guard, body, size, options, store);
    const result = await store.put(key, prepared.body, {
      ...options,
      size,
      signal: guard.signal,
      timeoutMs: undefined,
      expect: prepared.backend.expect,
      compute: prepared.backend.compute,
      onProgress: quiet ? undefined : () => guard.touch(),
    });
    const consumed = prepared.bytes();
    if (result.size !== consumed) {
      throw storeError(site, "protocol", `the store wrote ${result.size} bytes of a body of ${consumed}`, {
        hint: "the object is not what was given: write it again, and report it to the store's maintainers",
      });
    }
    if (body instanceof Uint8Array) options.onProgress?.({ bytes: consumed, total: consumed });
    return { ...result, checksums: { ...result.checksums, ...prepared.checksums() } };
  } finally {
    runtime.writeBytes.release(weight);
  }
}

interface Prepared {
  readonly body: ByteSource;
  readonly bytes: () => number;
  readonly checksums: () => Checksums;
  /** The digests that the backend handles itself. */
  readonly backend: Pick<PutOptions, "expect" | "compute">;
}

function prepare(
  site: OperationSite,
  guard: Guard,
  body: ByteSource,
  size: number | undefined,
  options: PutOptions,
  store: MinimalStore,
): Prepared {
  const native = store.capabilities.checksums;
  const expected = digestEntries(options.expect);
  const own: Checksums = Object.fromEntries(expected.filter(([algorithm]) => !native.has(algorithm)));
  const computed = (options.compute ?? []).filter((algorithm) => !native.has(algorithm));
  const backend = {
    expect: Object.fromEntries(expected.filter(([algorithm]) => native.has(algorithm))),
    compute: (options.compute ?? []).filter((algorithm) => native.has(algorithm)),
  };
  const digester = createDigester(site, [...digestEntries(own).map(([algorithm]) => algorithm), ...computed]);
  const wanted = (all: Checksums): Checksums =>
    Object.fromEntries(digestEntries(all).filter(([algorithm]) => computed.includes(algorithm)));
  if (body instanceof Uint8Array && (digester === undefined || body.byteLength <= hashAtOnce)) {
    // As with `copiesOf`: an array that changes after its digest was taken must not reach the store under it.
    const kept = digester === undefined ? body : new Uint8Array(body);
    digester?.update(kept);
    const checksums = digester?.digest() ?? {};
    checkDigests(site, own, checksums);
    return { body: kept, bytes: () => kept.byteLength, checksums: () => wanted(checksums), backend };
  }
  const { onProgress } = options;
  const source = body instanceof Uint8Array ? copiesOf(body) : body;
  const pass = measured(site, sourceChunks(site, guard, source), {
    size,
    digester,
    expect: own,
    onBytes: (bytes) => {
      guard.touch();
      // Bytes in memory are reported once, when they are written.
      if (!(body instanceof Uint8Array)) onProgress?.(size === undefined ? { bytes } : { bytes, total: size });
    },
  });
  return { body: pass.chunks, bytes: () => pass.bytes, checksums: () => wanted(pass.checksums), backend };
}

/** The caller may change its array between the hashing and the writing, so that what is hashed here is nobody else's. */
async function* copiesOf(bytes: Bytes): AsyncGenerator<Bytes> {
  for await (const chunk of chunksOf(bytes)) yield new Uint8Array(chunk);
}

/** The caller's chunks; its errors say that it was the source that failed, and an abort does not wait for it. */
async function* sourceChunks(site: OperationSite, guard: Guard, body: ByteSource): AsyncGenerator<Bytes> {
  const iterator = chunksOf(body)[Symbol.asyncIterator]();
  let finished = false;
  try {
    for (;;) {
      const next = await guard.race(iterator.next());
      if (next.done === true) break;
      yield next.value;
    }
    finished = true;
  } catch (error) {
    if (guard.reason !== undefined) throw guard.reason;
    finished = true;
    throw sourceError(site, error);
  } finally {
    // Not awaited: a source that hangs would hold the answer back.
    if (!finished) void iterator.return?.().then(undefined, () => undefined);
  }
}

function sourceError(site: OperationSite, cause: unknown): Error {
  const worded = asStoreError(site, cause);
  if (worded === cause) return worded;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return storeError(site, "unknown", `the source of the body failed: ${reason}`, { cause });
}
