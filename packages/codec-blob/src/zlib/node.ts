/** zlib of Node: its native library, and pako only when canonical bytes are asked for. */
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { constants, deflate, deflateSync, inflateSync, type ZlibOptions } from "node:zlib";
import type Pako from "pako";
import type { Zlib } from "./contract.ts";

const deflateInPool = promisify(deflate) as (data: Uint8Array, options: ZlibOptions) => Promise<Uint8Array>;

/** Measured on recordings, tables and text: level 1 is 1.3 to 8 times as fast as level 6 for 3 to 25 % more bytes. */
function options(payload: Uint8Array): ZlibOptions {
  // A window larger than the data only costs the time to clear it.
  const windowBits = payload.length <= 16_384 ? 14 : 15;
  return { level: constants.Z_BEST_SPEED, windowBits };
}

/** Loaded at its first use, and without waiting: `pack` answers at once. */
let pako: typeof Pako | undefined;

export const zlib: Zlib = {
  deflate: (payload) => deflateSync(payload, options(payload)),
  deflateAside: (payload) => deflateInPool(payload, options(payload)),

  deflateCanonical(payload) {
    pako ??= createRequire(import.meta.url)("pako") as typeof Pako;
    return pako.deflate(payload);
  },

  inflate(stream, size) {
    // One buffer of the right size, of which only what is filled takes memory; one byte more shows that there is too much.
    const { buffer, engine } = inflateSync(stream, {
      info: true,
      chunkSize: Math.max(size + 1, 64),
      maxOutputLength: Math.max(size, 1),
    }) as unknown as { readonly buffer: Uint8Array; readonly engine: { readonly bytesWritten: number } };
    if (buffer.length !== size) throw new Error(`it inflates to ${buffer.length} bytes`);
    if (engine.bytesWritten !== stream.length) throw new Error("there are bytes behind the end of the stream");
    // A plain view of the same memory: slices of a Buffer behave in another way.
    return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  },
};
