import type { Bytes, Checksums, GetOptions, GetResult, MinimalStore, ObjectKey } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { abortedError, asStoreError, storeError } from "../errors.ts";
import type { Guard } from "../lifecycle/guard.ts";
import type { ResolvedRange } from "../ranges/resolve.ts";
import { checkRange, resolveRange } from "../ranges/resolve.ts";
import { slice } from "../ranges/slice.ts";
import { collect } from "../streams/collect.ts";
import { checkDigests, createDigester, digestEntries } from "../streams/digests.ts";
import { readableFrom } from "../streams/readable.ts";
import { chunksOfResult, isBuffered } from "../streams/result.ts";
import { chunksOf } from "../streams/source.ts";
import type { Runtime } from "./runtime.ts";

/** Throws before any request for options that can't be kept. */
export function checkGetOptions(site: OperationSite, options: GetOptions): void {
  if (options.range === undefined) return;
  checkRange(site, options.range);
  if (digestEntries(options.verify).length === 0) return;
  throw storeError(site, "unsupported", "`verify` names digests of the whole object, and only a range of it is read", {
    hint: "read the whole object to verify it, or the range without `verify`",
  });
}

/** The backend's `get`, with `ifMatch` checked, and the range cut out here if the backend can't. */
export async function openObject(
  store: MinimalStore,
  site: OperationSite,
  guard: Guard,
  key: ObjectKey,
  options: GetOptions,
): Promise<GetResult> {
  const native = store.capabilities.ranges;
  const result = await store.get(key, {
    ...options,
    signal: guard.signal,
    timeoutMs: undefined,
    range: native ? options.range : undefined,
    verify: undefined,
  });
  try {
    // Also where the store or its server does not look at the condition.
    if (options.ifMatch !== undefined) checkValidator(site, options.ifMatch, result.info.etag);
    if (native || options.range === undefined) return result;
    const range = resolveRange(site, options.range, result.info.size);
    return {
      info: result.info,
      range,
      body: readableFrom(slice(chunksOf(result.body), range)),
      // A copy, also of a Buffer, whose slice would be a view that keeps the whole object in memory.
      bytes: async () => new Uint8Array((await result.bytes()).subarray(range.offset, range.offset + range.length)),
      [Symbol.asyncDispose]: () => result[Symbol.asyncDispose](),
    };
  } catch (error) {
    await result[Symbol.asyncDispose]();
    throw error;
  }
}

function checkValidator(site: OperationSite, wanted: string, found: string | undefined): void {
  if (found === wanted) return;
  if (found === undefined)
    throw storeError(site, "unsupported", "the store tells no validator to hold `ifMatch` against");
  throw storeError(site, "precondition-failed", "the object is not the one that ifMatch names");
}

/**
 * What the caller gets: the backend's body with its length and digests checked, an idle timeout, and an end when the
 * signal aborts or the store closes. Nothing is built before `body` or `bytes` is asked for.
 */
export function guardResult(runtime: Runtime, site: OperationSite, inner: GetResult, options: GetOptions): GetResult {
  const { info, range } = inner;
  let body: ReadableStream<Bytes> | undefined;
  let taken = false;
  const take = (): AsyncIterable<Bytes> => {
    if (taken) throw storeError(site, "unsupported", "the body has been taken already", { hint: "call get again" });
    taken = true;
    return isBuffered(inner) ? buffered(inner.buffered) : stream();
  };
  const whole = (): Checksums | undefined => (range.length === info.size ? options.verify : undefined);

  async function* buffered(bytes: Bytes): AsyncGenerator<Bytes> {
    const checked = verifyBytes(bytes);
    if (checked.byteLength > 0) yield checked;
  }
  function verifyBytes(bytes: Bytes): Bytes {
    runtime.checkOpen(site);
    if (options.signal?.aborted === true) throw abortedError(site, options.signal.reason);
    checkLength(site, bytes.byteLength, range);
    const digester = createDigester(
      site,
      digestEntries(whole()).map(([algorithm]) => algorithm),
    );
    digester?.update(bytes);
    if (digester !== undefined) checkDigests(site, whole(), digester.digest());
    return bytes;
  }

  async function* stream(): AsyncGenerator<Bytes> {
    runtime.checkOpen(site);
    const guard = runtime.begin(site, { signal: options.signal });
    const digester = createDigester(
      site,
      digestEntries(whole()).map(([algorithm]) => algorithm),
    );
    const iterator = chunksOfResult(inner)[Symbol.asyncIterator]();
    let bytes = 0;
    let finished = false;
    try {
      for (;;) {
        // The clock runs only while a chunk is awaited: a slow reader is no fault of the store's.
        guard.watch(options.idleTimeoutMs ?? runtime.options.idleTimeoutMs);
        const next = await guard.race(iterator.next());
        guard.rest();
        if (next.done === true) break;
        bytes += next.value.byteLength;
        if (bytes > range.length) checkLength(site, bytes, range);
        digester?.update(next.value);
        yield next.value;
      }
      finished = true;
      checkLength(site, bytes, range);
      if (digester !== undefined) checkDigests(site, whole(), digester.digest());
    } catch (error) {
      throw asStoreError(site, error);
    } finally {
      runtime.end(guard);
      // Not awaited: what hangs may also hang when it is told to stop.
      if (!finished) void release(iterator);
    }
  }

  async function release(iterator: AsyncIterator<Bytes>): Promise<void> {
    await Promise.allSettled([inner[Symbol.asyncDispose](), iterator.return?.()]);
  }

  return {
    info,
    range,
    get body() {
      body ??= readableFrom(take(), async () => await inner[Symbol.asyncDispose]());
      return body;
    },
    async bytes() {
      if (isBuffered(inner) && !taken) {
        taken = true;
        return verifyBytes(inner.buffered);
      }
      const chunks = take();
      // Without the caller's signal: an abort ends the body that is collected, in its own words.
      const waiting = runtime.readBytes.acquire(range.length);
      if (waiting !== undefined) await waiting;
      try {
        return await collect(chunks, range.length);
      } finally {
        runtime.readBytes.release(range.length);
      }
    },
    async [Symbol.asyncDispose]() {
      if (body !== undefined && !body.locked) await body.cancel().catch(() => undefined);
      await inner[Symbol.asyncDispose]();
    },
  };
}

/** A body of another length than the store announced was cut off, or belongs to another object. */
function checkLength(site: OperationSite, bytes: number, range: ResolvedRange): void {
  if (bytes === range.length) return;
  throw storeError(site, "protocol", `the body has ${bytes} bytes, the store announced ${range.length}`, {
    retryable: true,
    hint: "the connection was cut or the object changed while it was read: read it again",
  });
}
