import type { Bytes, ChecksumAlgorithm, Checksums, HashAlgorithm } from "@mortise/core";
import { createHasher } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { storeError } from "../errors.ts";

const computable: ReadonlySet<string> = new Set<HashAlgorithm>(["md5", "sha256", "crc32c"]);

/** Several digests of one pass over the bytes. */
export interface Digester {
  update(bytes: Bytes): void;
  digest(): Checksums;
}

/** The algorithms that `wanted` names, each once; undefined for none. Throws `unsupported` for one that can't be computed here. */
export function createDigester(site: OperationSite, wanted: Iterable<ChecksumAlgorithm>): Digester | undefined {
  const hashers = [...new Set(wanted)].map(
    (algorithm) => [algorithm, createHasher(checkComputable(site, algorithm))] as const,
  );
  if (hashers.length === 0) return undefined;
  return {
    update(bytes) {
      for (const [, hasher] of hashers) hasher.update(bytes);
    },
    digest() {
      return Object.fromEntries(hashers.map(([algorithm, hasher]) => [algorithm, hasher.digest()]));
    },
  };
}

/** Throws `checksum-mismatch` unless every digest of `expected` is among the `found` ones, in any letter case. */
export function checkDigests(site: OperationSite, expected: Checksums | undefined, found: Checksums): void {
  for (const [algorithm, value] of digestEntries(expected)) {
    if (found[algorithm] === value.toLowerCase()) continue;
    throw storeError(
      site,
      "checksum-mismatch",
      `the ${algorithm} is ${found[algorithm] ?? "unknown"}, expected ${value}`,
      {
        hint: "the bytes are not those that were promised: look at the source of the digest, the network and the disk",
      },
    );
  }
}

/** The pairs that are set: an optional member may be present as undefined. */
export function digestEntries(checksums: Checksums | undefined): (readonly [ChecksumAlgorithm, string])[] {
  return Object.entries(checksums ?? {}).filter((entry) => entry[1] !== undefined) as [ChecksumAlgorithm, string][];
}

function checkComputable(site: OperationSite, algorithm: ChecksumAlgorithm): HashAlgorithm {
  if (computable.has(algorithm)) return algorithm as HashAlgorithm;
  throw storeError(site, "unsupported", `the digest "${algorithm}" can't be computed here`, {
    hint: `use one of ${[...computable].join(", ")}`,
  });
}
