import type { ByteSource, Bytes } from "@mortise/core";
import { ValueError } from "@mortise/core";

const viewBytes = 1024 * 1024;

/** The chunks of a body, in order. Leaving the loop early cancels the source. */
export function chunksOf(source: ByteSource): AsyncIterable<Bytes> {
  if (source instanceof Uint8Array) return single(source);
  if (isBlob(source)) return readStream(source.stream());
  if (isReadableStream(source)) return readStream(source);
  if (isAsyncIterable(source)) return checked(source);
  throw invalid(source);
}

/** The body's length in bytes where it is known without reading it. */
export function knownSize(source: ByteSource): number | undefined {
  if (source instanceof Uint8Array) return source.byteLength;
  return isBlob(source) ? source.size : undefined;
}

/** Whether a failed attempt can be repeated with the same source: streams and generators are spent by the first. */
export function isReplayable(source: ByteSource): boolean {
  return source instanceof Uint8Array || isBlob(source);
}

/** Views of a large array: whoever hashes or writes them gives the event loop a turn in between. */
async function* single(bytes: Bytes): AsyncGenerator<Bytes> {
  for (let start = 0; start < bytes.byteLength; start += viewBytes) yield bytes.subarray(start, start + viewBytes);
}

// Not generators: `return` of a generator waits for the step under way, and the source that hangs is the one to be stopped.
function readStream(stream: ReadableStream<Bytes>): AsyncIterable<Bytes> {
  return iterable(() => {
    const reader = stream.getReader();
    return {
      async next() {
        const step = await reader.read();
        if (!step.done) return { done: false, value: checkChunk(step.value) };
        reader.releaseLock();
        return ended;
      },
      async return() {
        // A stream that nobody cancels keeps its socket or file open. After its end this changes nothing.
        await reader.cancel().catch(() => undefined);
        return ended;
      },
    };
  });
}

function checked(source: AsyncIterable<Bytes>): AsyncIterable<Bytes> {
  return iterable(() => {
    const iterator = source[Symbol.asyncIterator]();
    return {
      async next() {
        const step = await iterator.next();
        return step.done === true ? ended : { done: false, value: checkChunk(step.value) };
      },
      async return() {
        await iterator.return?.();
        return ended;
      },
    };
  });
}

const ended: IteratorReturnResult<undefined> = { done: true, value: undefined };

function iterable(open: () => AsyncIterator<Bytes>): AsyncIterable<Bytes> {
  return { [Symbol.asyncIterator]: open };
}

function checkChunk(chunk: unknown): Bytes {
  if (chunk instanceof Uint8Array) return chunk;
  throw new ValueError("invalid-body", `a body's chunks must be Uint8Array, found ${describe(chunk)}`, {
    hint: "encode text with new TextEncoder().encode(text), or pipe it through a TextEncoderStream",
  });
}

function invalid(source: unknown): ValueError {
  return new ValueError(
    "invalid-body",
    `a body must be a Uint8Array, Blob, ReadableStream or async iterable of Uint8Array, found ${describe(source)}`,
  );
}

function describe(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "object" ? (value.constructor?.name ?? "an object") : `a ${typeof value}`;
}

function isBlob(source: unknown): source is Blob {
  return typeof Blob !== "undefined" && source instanceof Blob;
}

function isReadableStream(source: unknown): source is ReadableStream<Bytes> {
  return typeof (source as Partial<ReadableStream> | null)?.getReader === "function";
}

function isAsyncIterable(source: unknown): source is AsyncIterable<Bytes> {
  return typeof (source as Partial<AsyncIterable<Bytes>> | null)?.[Symbol.asyncIterator] === "function";
}
