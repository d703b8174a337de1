/** The name of hash-addressed content: the MD5 in base32 without padding, 26 characters of `a-z2-7`. */
import type { Bytes } from "../bytes.ts";
import { digest } from "./digest.ts";

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
const pattern = /^[a-z2-7]{25}[aeimquy4]$/;

/** Whether `text` can be a content hash: the last character carries three bits, so only eight are possible there. */
export function isContentHash(text: unknown): text is string {
  return typeof text === "string" && pattern.test(text);
}

/** The content hash of bytes in memory. */
export function contentHash(bytes: Bytes): string {
  return contentHashOfMd5(digest("md5", bytes));
}

/** The content hash from an MD5 in hexadecimal, as hashers and stores return it. */
export function contentHashOfMd5(hex: string): string {
  let text = "";
  let bits = 0;
  let value = 0;
  for (const digit of hex) {
    value = (value << 4) | Number.parseInt(digit, 16);
    bits += 4;
    if (bits < 5) continue;
    bits -= 5;
    text += alphabet[value >>> bits];
    value &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + alphabet[value << (5 - bits)];
}

/** The MD5 in hexadecimal, to compare with a store's checksum. The hash must be a valid one. */
export function md5OfContentHash(hash: string): string {
  let hex = "";
  let bits = 0;
  let value = 0;
  for (const character of hash) {
    value = (value << 5) | alphabet.indexOf(character);
    bits += 5;
    while (bits >= 4) {
      bits -= 4;
      hex += (value >>> bits).toString(16);
      value &= (1 << bits) - 1;
    }
  }
  return hex.slice(0, 32);
}
