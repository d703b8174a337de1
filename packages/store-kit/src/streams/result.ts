import type { Bytes, GetResult, ObjectInfo } from "@mortise/core";
import type { ResolvedRange } from "../ranges/resolve.ts";
import { collect } from "./collect.ts";
import { readableFrom } from "./readable.ts";
import { chunksOf } from "./source.ts";

/** A result whose body is in memory already: `completeStore` then hands the bytes over without a stream or a timer. */
export interface BufferedResult extends GetResult {
  readonly buffered: Bytes;
}

/** How a backend answers `get` of a small object that it has read in one go; nothing is left open. */
export function bufferedResult(info: ObjectInfo, range: ResolvedRange, bytes: Bytes): BufferedResult {
  return {
    info,
    range,
    buffered: bytes,
    get body() {
      return readableFrom(chunksOf(bytes));
    },
    bytes: () => Promise.resolve(bytes),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** A result whose chunks can be had without the stream around them, which costs each of them two promises more. */
export interface ChunkedResult extends GetResult {
  readonly chunks: AsyncIterable<Bytes>;
}

/**
 * How a backend answers `get` with a body that comes in chunks. Nothing is pulled before the body is read; `release` is
 * called when the result is disposed or its body cancelled, perhaps more than once, and closes what is open.
 */
export function streamedResult(
  info: ObjectInfo,
  range: ResolvedRange,
  chunks: AsyncIterable<Bytes>,
  release?: () => Promise<void>,
): ChunkedResult {
  let body: ReadableStream<Bytes> | undefined;
  return {
    info,
    range,
    chunks,
    get body() {
      body ??= readableFrom(chunks, release);
      return body;
    },
    bytes: () => collect(chunks, range.length),
    async [Symbol.asyncDispose]() {
      await release?.();
    },
  };
}

/** The chunks of a result, by the shortest way. */
export function chunksOfResult(result: GetResult): AsyncIterable<Bytes> {
  return (result as Partial<ChunkedResult>).chunks ?? chunksOf(result.body);
}

/** Whether `result` was made by `bufferedResult`. */
export function isBuffered(result: GetResult): result is BufferedResult {
  return (result as Partial<BufferedResult>).buffered !== undefined;
}
