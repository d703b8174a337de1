/**
 * CRC-32C (Castagnoli), eight bytes a step. Node has none of its own. Measured at 0.6–0.9 GB/s, faster than MD5 on the
 * same machine; hash-wasm has 1.2 GB/s, but would have to be loaded, asynchronously, for that alone.
 */
import type { Bytes } from "../bytes.ts";
import type { Hasher } from "./contract.ts";

const polynomial = 0x82f63b78;

/** Eight tables of 256: table k is the effect of a byte that has k more bytes behind it. Made at the first use. */
let tables: Int32Array | undefined;

function makeTables(): Int32Array {
  const made = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    made[byte] = value;
  }
  for (let index = 256; index < made.length; index++) {
    const previous = made[index - 256] ?? 0;
    made[index] = (previous >>> 8) ^ (made[previous & 0xff] ?? 0);
  }
  return made;
}

/** The state after `bytes`; starts and ends inverted. */
function advance(table: Int32Array, start: number, bytes: Bytes): number {
  const at = (index: number): number => table[index] as number;
  const { length } = bytes;
  const whole = length - (length % 8);
  let crc = start;
  let index = 0;
  for (; index < whole; index += 8) {
    const low =
      crc ^
      ((bytes[index] as number) |
        ((bytes[index + 1] as number) << 8) |
        ((bytes[index + 2] as number) << 16) |
        ((bytes[index + 3] as number) << 24));
    crc =
      at(1792 + (low & 0xff)) ^
      at(1536 + ((low >>> 8) & 0xff)) ^
      at(1280 + ((low >>> 16) & 0xff)) ^
      at(1024 + (low >>> 24)) ^
      at(768 + (bytes[index + 4] as number)) ^
      at(512 + (bytes[index + 5] as number)) ^
      at(256 + (bytes[index + 6] as number)) ^
      at(bytes[index + 7] as number);
  }
  for (; index < length; index++) crc = (crc >>> 8) ^ at((crc ^ (bytes[index] as number)) & 0xff);
  return crc;
}

/** An incremental CRC-32C; its digest is the big-endian value that GCS and S3 compare, in hexadecimal. */
export function createCrc32c(): Hasher {
  tables ??= makeTables();
  const table = tables;
  let state = -1;
  return {
    update(bytes) {
      state = advance(table, state, bytes);
    },
    digest: () => (~state >>> 0).toString(16).padStart(8, "0"),
  };
}
