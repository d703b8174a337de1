/** Digests as Google writes them, in base64 of the big-endian bytes, and as our contracts do, in hexadecimal. */
import type { Checksums } from "@mortise/core";

/** Lower-case hexadecimal of a base64 digest. */
function hexOf(base64: string): string {
  return Buffer.from(base64, "base64").toString("hex");
}

/** The base64 that the JSON API takes for `md5Hash` and `crc32c`. */
export function base64Of(hex: string): string {
  return Buffer.from(hex, "hex").toString("base64");
}

/** What a resource says of its content; a composite object has no MD5. */
export function checksumsOf(md5: string | undefined, crc32c: string | undefined): Checksums {
  return {
    ...(md5 === undefined ? {} : { md5: hexOf(md5) }),
    ...(crc32c === undefined ? {} : { crc32c: hexOf(crc32c) }),
  };
}

/** The `x-goog-hash` header: `crc32c=…,md5=…`, or the header twice, joined. */
export function checksumsOfHeader(header: string | undefined): Checksums {
  const crc32c = header === undefined ? undefined : /\bcrc32c=([\w+/]+=*)/.exec(header)?.[1];
  const md5 = header === undefined ? undefined : /\bmd5=([\w+/]+=*)/.exec(header)?.[1];
  return checksumsOf(md5, crc32c);
}
