import type { Bytes, ChecksumAlgorithm, Checksums, ObjectKey, ObjectStore } from "@mortise/core";
import { equal, equalBytes, refused } from "../assert.ts";
import type { CaseRow, ConformanceCase } from "../case.ts";
import { defineCases, generate, listAll, pattern, readAll, readStream, text } from "../case.ts";

/** Published digests of "123456789" and of nothing: computed by others, so that a wrong hasher is seen. */
const known: Readonly<Record<"md5" | "sha256" | "crc32c", { readonly digits: string; readonly empty: string }>> = {
  md5: { digits: "25f9e794323b453885f5181f1b624d0b", empty: "d41d8cd98f00b204e9800998ecf8427e" },
  sha256: {
    digits: "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
    empty: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  },
  crc32c: { digits: "e3069283", empty: "00000000" },
};
const digits = text("123456789");

const perAlgorithm = (["md5", "sha256", "crc32c"] as const).flatMap((name): CaseRow[] => [
  [
    `${name}-compute`,
    `${name} is computed for arrays, streams and nothing`,
    async ({ store, key }) => {
      const compute = [name];
      equal(
        (await store.put(key("a"), digits, { compute })).checksums[name],
        known[name].digits,
        `the ${name} of an array`,
      );
      const streamed = await store.put(key("b"), generate(digits.subarray(0, 4), digits.subarray(4)), { compute });
      equal(streamed.checksums[name], known[name].digits, `the ${name} of a stream`);
      equal(
        (await store.put(key("c"), new Uint8Array(), { compute })).checksums[name],
        known[name].empty,
        `the ${name} of nothing`,
      );
    },
  ],
  [
    `${name}-expect`,
    `a body with the expected ${name} is stored, in either letter case`,
    async ({ store, key }) => {
      await store.put(key("a"), digits, { expect: { [name]: known[name].digits } });
      await store.put(key("b"), generate(digits), { expect: { [name]: known[name].digits.toUpperCase() } });
      equalBytes(await readAll(store, key("b")), digits);
    },
  ],
  [
    `${name}-mismatch`,
    `a body with another ${name} is refused and leaves the old object`,
    async ({ store, key, prefix }) => {
      await store.put(key("a"), text("old"));
      const expect = { [name]: known[name].empty };
      await refused(store.put(key("a"), digits, { expect }), "checksum-mismatch", `an array with another ${name}`);
      await refused(
        store.put(key("a"), generate(digits), { expect }),
        "checksum-mismatch",
        `a stream with another ${name}`,
      );
      await refused(
        store.put(key("new"), generate(digits), { expect }),
        "checksum-mismatch",
        `a stream with another ${name}`,
      );
      equalBytes(await readAll(store, key("a")), text("old"));
      equal((await listAll(store, prefix)).length, 1, "the number of objects");
    },
  ],
  [
    `${name}-verify`,
    `a body is read with its ${name} checked`,
    async ({ store, key }) => {
      await store.put(key("a"), digits);
      const verify = { [name]: known[name].digits };
      equalBytes(await (await store.get(key("a"), { verify })).bytes(), digits);
    },
  ],
  [
    `${name}-verify-mismatch`,
    `a body with another ${name} ends with an error, as array and as stream`,
    async ({ store, key }) => {
      const body = pattern(500_000);
      await store.put(key("a"), body);
      const verify = { [name]: known[name].empty };
      await refused(
        (await store.get(key("a"), { verify })).bytes(),
        "checksum-mismatch",
        `bytes() with another ${name}`,
      );
      const stream = (await store.get(key("a"), { verify })).body;
      await refused(
        new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer().catch(causeOf),
        "checksum-mismatch",
        `the stream with another ${name}`,
      );
    },
  ],
]);

/** `Response` may wrap the error of its stream. */
function causeOf(error: unknown): never {
  throw (error as { cause?: unknown }).cause ?? error;
}

async function readVerified(store: ObjectStore, key: ObjectKey, verify: Checksums): Promise<Bytes> {
  return await (await store.get(key, { verify })).bytes();
}

/** Digests: computed, expected and verified, for every kind of body. */
export const checksumCases: readonly ConformanceCase[] = defineCases("checksums", [
  ...perAlgorithm,
  [
    "several",
    "several digests are computed in one pass",
    async ({ store, key }) => {
      const compute: readonly ChecksumAlgorithm[] = ["md5", "sha256", "crc32c"];
      const { checksums } = await store.put(key("a"), generate(digits), { compute });
      for (const name of ["md5", "sha256", "crc32c"] as const)
        equal(checksums[name], known[name].digits, `the ${name}`);
    },
  ],
  [
    "large",
    "the digest of a large body is that of its bytes, array or stream",
    async ({ store, key }) => {
      const body = pattern(3_000_000);
      const array = await store.put(key("a"), body, { compute: ["md5"] });
      const stream = await store.put(key("b"), new Blob([body]).stream(), { compute: ["md5"] });
      equal(stream.checksums.md5, array.checksums.md5, "the md5");
      await store.put(key("c"), body, { expect: array.checksums });
      equalBytes(await readStream(store, key("c")), body);
    },
  ],
  [
    "range",
    "digests are the whole object's: with a range they are refused",
    async ({ store, key }) => {
      await store.put(key("a"), digits);
      const options = { range: { offset: 0, length: 2 }, verify: { md5: known.md5.digits } };
      await refused(store.get(key("a"), options), "unsupported", "verify with a range");
    },
  ],
  [
    "unknown",
    "a digest that neither the store nor the kit can compute is unsupported, and nothing is written",
    async ({ store, key }) => {
      await store.put(key("a"), digits);
      const digest = { crc64nvme: "ae8b14860a799888" };
      await refused(store.put(key("a"), text("new"), { compute: ["crc64nvme"] }), "unsupported", "compute");
      await refused(store.put(key("a"), generate(text("new")), { expect: digest }), "unsupported", "expect");
      await refused(readVerified(store, key("a"), digest), "unsupported", "verify");
      equalBytes(await readAll(store, key("a")), digits);
    },
    "no-crc64nvme",
  ],
  [
    "copy",
    "a copy is checked against the expected digest",
    async ({ store, key }) => {
      await store.put(key("a"), digits);
      await store.copy(key("a"), key("b"), { expect: { md5: known.md5.digits } });
      await refused(
        store.copy(key("a"), key("c"), { expect: { md5: known.md5.empty } }),
        "checksum-mismatch",
        "a copy",
      );
      await refused(store.head(key("c")), "not-found", "head of what was refused");
    },
  ],
]);
