import type { Bytes } from "../bytes.ts";

/** Digests that Mortise computes itself: MD5 for addresses, CRC32C and SHA-256 for transport and proofs. */
export type HashAlgorithm = "md5" | "sha256" | "crc32c";

/** Bytes in, a digest out. Each chunk is consumed before `update` returns, so its buffer may be reused. */
export interface Hasher {
  update(bytes: Bytes): void;
  /** Lower-case hexadecimal. Ends the hasher: neither method may be called again. */
  digest(): string;
}
