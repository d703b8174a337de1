/**
 * The compressed form of a blob:
 *
 * ```text
 *  0    "ZL123" NUL
 *  6    length of the plain blob, header included     u64 (u32 in MATLAB's old 32-bit library)
 * 14    zlib stream (RFC 1950)
 * ```
 *
 * Whether to compress is part of the format where bytes must equal Python's: above 1000 bytes, and only if the container is
 * shorter. Readers take containers of any size and of any level.
 */
import type { ValueSite } from "@mortise/core";
import { zlib } from "#zlib";
import { beyondLimit, corrupt } from "../errors.ts";
import { compressedHeader, startsWith } from "../format/codes.ts";
import type { BlobCompression } from "../options.ts";
import { looksCompressible } from "./probe.ts";

/** Up to here nothing is compressed when writing; readers take containers of any size. */
const threshold = 1000;

/** From here on, the thread pool does it: handing the data over takes some 35 µs of this thread, deflating 4 KiB takes 100. */
const asideFrom = 4096;

/** Deflate can't expand a byte to more than this, so that a larger claim is refused before anything is allocated. */
const highestRatio = 1032;

/**
 * The blob of a payload: the payload itself, or a container if that is shorter. Blocks the thread for the whole time, 10 to
 * 30 ms per megabyte in `fast` and several times that in `canonical`.
 */
export function compress(payload: Uint8Array, mode: BlobCompression): Uint8Array {
  if (!worthwhile(payload, mode)) return payload;
  return shorter(payload, mode === "canonical" ? zlib.deflateCanonical(payload) : zlib.deflate(payload));
}

/**
 * The same, in the thread pool for payloads above 4 KiB that are worth it; answers without a promise for all others, because a
 * promise per value costs more than they do. `canonical` has no other thread: pako is JavaScript.
 */
export function compressAside(payload: Uint8Array, mode: BlobCompression): Uint8Array | Promise<Uint8Array> {
  if (mode !== "fast" || payload.length < asideFrom || !worthwhile(payload, mode)) return compress(payload, mode);
  return zlib.deflateAside(payload).then((stream) => shorter(payload, stream));
}

function worthwhile(payload: Uint8Array, mode: BlobCompression): boolean {
  if (mode === "none" || payload.length <= threshold) return false;
  return mode === "canonical" || looksCompressible(payload);
}

function shorter(payload: Uint8Array, stream: Uint8Array): Uint8Array {
  const length = compressedHeader.length + 8 + stream.length;
  if (length >= payload.length) return payload;
  const blob = new Uint8Array(length);
  blob.set(compressedHeader);
  const view = new DataView(blob.buffer);
  view.setUint32(compressedHeader.length, payload.length >>> 0, true);
  view.setUint32(compressedHeader.length + 4, payload.length / 0x100000000, true);
  blob.set(stream, compressedHeader.length + 8);
  return blob;
}

/**
 * The payload of a container. What it claims is checked in the order of cost: against what deflate can do at all, against the
 * limit, and then by inflating, which stops one byte behind the claim. `words` is 32 for containers of MATLAB's
 * old library, whose size has four bytes.
 */
export function decompress(blob: Uint8Array, words: 32 | 64, maxPayload: number, site?: ValueSite): Uint8Array {
  const start = compressedHeader.length + words / 8;
  if (blob.length < start) throw corrupt(`value: the blob ends after ${blob.length} bytes, inside its header`, site);
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const high = words === 32 ? 0 : view.getUint32(compressedHeader.length + 4, true);
  const size = high * 0x100000000 + view.getUint32(compressedHeader.length, true);
  const stream = blob.subarray(start);
  if (size > stream.length * highestRatio) {
    throw corrupt(`value: the blob claims ${size} bytes, which ${stream.length} compressed bytes can't hold`, site);
  }
  if (size > maxPayload) {
    throw beyondLimit("maxPayload", `value: the blob has ${size} bytes, above the limit of ${maxPayload}`, site);
  }
  let payload: Uint8Array;
  try {
    payload = zlib.inflate(stream, size);
  } catch (error) {
    throw corrupt(
      `value: the ${stream.length} compressed bytes don't inflate to the ${size} they should: ${(error as Error).message}`,
      site,
    );
  }
  if (startsWith(payload, compressedHeader)) throw corrupt("value: a compressed blob inside a compressed blob", site);
  return payload;
}
