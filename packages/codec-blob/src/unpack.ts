import type { ValueSite } from "@mortise/core";
import { decompress } from "./compression/container.ts";
import { beyondLimit, corrupt, describe } from "./errors.ts";
import { compressedHeader, matlabHeader, pythonHeader, startsWith } from "./format/codes.ts";
import { choose, mappings, parseLimits, type UnpackOptions } from "./options.ts";
import { Reader } from "./read/reader.ts";
import { readValue } from "./read/value.ts";

/**
 * The value of a blob. Throws a `CodecError`: `corrupt`, with the place inside the value and the offset, or
 * `limit-exceeded`. Arrays and bytes are copies and keep nothing else alive.
 */
export function unpack(blob: Uint8Array | ArrayBuffer, options: UnpackOptions = {}): unknown {
  return unpackAt(blob, options);
}

/** The same, for a value whose place in the database is known. */
export function unpackAt(blob: Uint8Array | ArrayBuffer, options: UnpackOptions, site?: ValueSite): unknown {
  const limits = parseLimits(options.limits);
  const words = choose("words", options.words, [64, 32]);
  const mapping = choose("mapping", options.mapping, mappings);
  const scalars = choose("scalars", options.scalars, ["keep", "unwrap"]);
  const bytes = plainBytes(blob);
  if (bytes === undefined) throw corrupt(`value: a blob is bytes, got ${describe(blob)}`, site);
  const payload = startsWith(bytes, compressedHeader) ? decompress(bytes, words, limits.maxPayload, site) : bytes;
  if (payload.length > limits.maxPayload) {
    throw beyondLimit(
      "maxPayload",
      `value: the blob has ${payload.length} bytes, above the limit of ${limits.maxPayload}`,
      site,
    );
  }
  if (!startsWith(payload, matlabHeader) && !startsWith(payload, pythonHeader)) {
    throw corrupt(`value: ${bytes.length} bytes that don't begin as a blob does (mYm, dj0 or ZL123)`, site);
  }
  const reader = new Reader(payload, matlabHeader.length, { mapping, words, scalars, limits, site }, readValue);
  const value = run(reader, site);
  if (reader.remaining !== 0) throw reader.fail(`${reader.remaining} bytes are left over behind the value`);
  return value;
}

/** The engine's own limits (stack, entries of a map) are limits like ours. */
function run(reader: Reader, site: ValueSite | undefined): unknown {
  try {
    return readValue(reader);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw beyondLimit("maxDepth", `value: too deep or too large for this JavaScript engine: ${error.message}`, site);
  }
}

/** A Buffer's slices are views, and what follows relies on copies; drivers also hand out bare memory. */
function plainBytes(blob: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(blob)) return new Uint8Array(blob.buffer, blob.byteOffset, blob.byteLength);
  return Object.prototype.toString.call(blob) === "[object ArrayBuffer]"
    ? new Uint8Array(blob as ArrayBuffer)
    : undefined;
}
