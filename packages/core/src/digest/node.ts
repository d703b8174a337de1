/** Digests on Node; `#digest` of package.json chooses this module there and `portable.ts` elsewhere. */
import { createHash, hash } from "node:crypto";
import type { Bytes } from "../bytes.ts";
import type { Hasher } from "./contract.ts";

/** An incremental digest. */
export function createCryptoHasher(algorithm: "md5" | "sha256"): Hasher {
  const state = createHash(algorithm);
  return {
    update(bytes) {
      state.update(bytes);
    },
    digest: () => state.digest("hex"),
  };
}

/** Of bytes in memory, in hexadecimal; without the objects of an incremental one. */
export function digestOf(algorithm: "md5" | "sha256", bytes: Bytes): string {
  return hash(algorithm, bytes, "hex");
}
