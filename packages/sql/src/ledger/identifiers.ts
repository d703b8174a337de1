import { hash, randomBytes } from "node:crypto";

/** A UUIDv7 as 16 bytes: a writer id, never reused, whose order is the order of creation. */
export function newWriterId(milliseconds: number = Date.now()): Uint8Array {
  const id = new Uint8Array(randomBytes(16));
  let rest = milliseconds;
  for (let index = 5; index >= 0; index -= 1) {
    id[index] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  id[6] = 0x70 | ((id[6] ?? 0) & 0x0f);
  id[8] = 0x80 | ((id[8] ?? 0) & 0x3f);
  return id;
}

/** A token that nobody else has: 16 random bytes. */
export function newToken(): Uint8Array {
  return new Uint8Array(randomBytes(16));
}

/** First 16 bytes of SHA-256(store NUL path): ledgers compare paths by it alone, so no collation ever decides. */
export function pathHash(store: string, path: string): Uint8Array {
  return new Uint8Array(hash("sha256", `${store}\0${path}`, "buffer").subarray(0, 16));
}

/** The same as a key of maps. */
export function hashKey(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
