// Digests that requests bring of their bodies: another body is refused, as S3 does it.
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { md5 } from "../bucket.ts";
import { errorAnswer, type S3Answer, type S3Head } from "../message.ts";

/** CRC-32C (Castagnoli), reflected. */
const castagnoli = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  return value;
});

function crc32c(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = (castagnoli[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** CRC-64/NVME, reflected. */
const nvme = BigUint64Array.from({ length: 256 }, (_, byte) => {
  let value = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n;
  return value;
});

function crc64nvme(bytes: Uint8Array): bigint {
  let value = 0xffffffffffffffffn;
  for (const byte of bytes) value = (nvme[Number((value ^ BigInt(byte)) & 0xffn)] ?? 0n) ^ (value >> 8n);
  return value ^ 0xffffffffffffffffn;
}

const word = (value: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes.toString("base64");
};

const doubleWord = (value: bigint): string => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes.toString("base64");
};

const digests: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  "content-md5": (bytes) => md5(bytes).toString("base64"),
  "x-amz-checksum-crc32": (bytes) => word(crc32(bytes)),
  "x-amz-checksum-crc32c": (bytes) => word(crc32c(bytes)),
  "x-amz-checksum-crc64nvme": (bytes) => doubleWord(crc64nvme(bytes)),
  "x-amz-checksum-sha1": (bytes) => createHash("sha1").update(bytes).digest("base64"),
  "x-amz-checksum-sha256": (bytes) => createHash("sha256").update(bytes).digest("base64"),
};

/** The refusal of a body that is not the one its digests are of. */
export function refusedBody({ headers }: S3Head, body: Uint8Array): S3Answer | undefined {
  for (const [name, digest] of Object.entries(digests)) {
    const expected = headers[name];
    if (expected === undefined || expected === digest(body)) continue;
    return name === "content-md5"
      ? errorAnswer(400, "BadDigest", "The Content-MD5 you specified did not match what we received.")
      : errorAnswer(400, "XAmzContentChecksumMismatch", `The ${name} you specified did not match what we received.`);
  }
  const payload = headers["x-amz-content-sha256"];
  if (payload !== undefined && /^[\da-f]{64}$/.test(payload)) {
    if (createHash("sha256").update(body).digest("hex") !== payload) {
      return errorAnswer(400, "XAmzContentSHA256Mismatch", "The x-amz-content-sha256 does not match what we received.");
    }
  }
  return undefined;
}

/** The digests of a request, as they are kept with its object. */
export const keptDigests = ({ headers }: S3Head): Record<string, string> =>
  Object.fromEntries(
    Object.keys(digests).flatMap((name) => {
      const value = headers[name];
      return value === undefined || name === "content-md5" ? [] : [[name, value]];
    }),
  );
