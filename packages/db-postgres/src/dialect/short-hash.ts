import { digest } from "@mortise/core";

/** The first 8 hexadecimal digits of the MD5 of a text, for names that must not collide. */
export function shortHash(text: string): string {
  return digest("md5", new TextEncoder().encode(text)).slice(0, 8);
}
