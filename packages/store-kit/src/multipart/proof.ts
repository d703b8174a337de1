import type { Bytes, ChecksumAlgorithm, Checksums, HashAlgorithm, PutResult, StoreCapabilities } from "@mortise/core";
import { createHasher } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { abortedError, storeError } from "../errors.ts";
import { chunksOf } from "../streams/source.ts";

/** What a server may tell of a whole object, the cheapest first. */
const algorithms: readonly HashAlgorithm[] = ["crc32c", "md5", "sha256"];

/**
 * Tells that an upload is of one source although the server says nothing of its parts: by a digest of the whole, which
 * the server compares when it completes it.
 */
export interface WholeProof {
  /** The next bytes of the source. */
  update(bytes: Bytes): void;
  /** What the whole must have. */
  expected(): Checksums;
  /** Throws `checksum-mismatch` unless the server tells the same of what it wrote. */
  check(result: PutResult): void;
}

/** Of a source that begins with `begin`. Throws `unsupported` where the server tells no digest that can be computed here. */
export async function wholeProof(
  site: OperationSite,
  { checksums }: Pick<StoreCapabilities, "checksums">,
  begin: Blob,
  signal: AbortSignal | undefined,
): Promise<WholeProof> {
  const algorithm = algorithms.find((each) => checksums.has(each));
  if (algorithm === undefined) throw unproven(site);
  const hasher = createHasher(algorithm);
  for await (const chunk of chunksOf(begin)) {
    if (signal?.aborted === true) throw abortedError(site, signal.reason);
    hasher.update(chunk);
  }
  let own: string | undefined;
  const digest = (): string => (own ??= hasher.digest());
  return {
    update: (bytes) => hasher.update(bytes),
    expected: () => ({ [algorithm satisfies ChecksumAlgorithm]: digest() }),
    check(result) {
      if (result.checksums[algorithm] === digest()) return;
      throw storeError(site, "checksum-mismatch", "the object that was completed is not the source", {
        hint: "write the object again",
      });
    },
  };
}

function unproven(site: OperationSite): Error {
  return storeError(site, "unsupported", "the server does not tell what the bytes are that it has of the upload", {
    hint: "abort it and begin another, or pass `trustSizes` if the source is certainly the one that it was begun with",
  });
}
