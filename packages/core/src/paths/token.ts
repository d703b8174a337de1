/** The random part of an object's name: two writes of one value never meet. */

/** Lower-case letters and digits: nothing that a file system which ignores case could confuse. */
export const tokenAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

/** Least, default and greatest length; a configured length is clamped, as Python does. */
export const tokenLengths = { min: 4, default: 8, max: 16 } as const;

/** The length that is used for a configured one. */
export function clampTokenLength(length: number): number {
  return Math.min(Math.max(Math.trunc(length), tokenLengths.min), tokenLengths.max);
}

/** A token of `length` characters after clamping, from the system's source of randomness. */
export function createToken(length: number = tokenLengths.default): string {
  const wanted = clampTokenLength(length);
  const bytes = new Uint8Array(wanted * 2);
  let token = "";
  while (token.length < wanted) {
    for (const byte of crypto.getRandomValues(bytes)) {
      // 252 is the greatest multiple of 36 in a byte; taking the rest would favour the first letters.
      if (byte < 252 && token.length < wanted) token += tokenAlphabet[byte % 36];
    }
  }
  return token;
}
