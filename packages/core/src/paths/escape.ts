/** Text as a part of a path segment: unchanged where that is safe, else percent-encoded, shortened with a hash where long. */
import { digest } from "../digest/digest.ts";
import { utf8Length } from "../keys/utf8.ts";

/** Longest name of a file or folder on the usual file systems, in bytes. */
export const maxSegmentBytes = 255;

/** Code points of a text that stays whole. */
const maxWhole = 100;
/** Code points that are kept of a longer one, before the hash. */
const keptOfLong = 50;
const hashDigits = 8;

// Python's set `/\:*?"<>|`, and what would be ambiguous in a URL, lost by Windows, or refused by `parseKey`.
const unsafe = /[/\\:*?"<>|%#\p{Cc}\p{Cs}\uFFFE\uFFFF]|[. ]$|^\.{1,2}$/u;
const unreserved = /^[A-Za-z0-9_.~-]$/;
const encoder = new TextEncoder();

function percent(character: string): string {
  let text = "";
  for (const byte of encoder.encode(character)) text += `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  return text;
}

/** The most whole pieces that fit. */
function fit(pieces: readonly string[], maxBytes: number): string {
  let text = "";
  let bytes = 0;
  for (const piece of pieces) {
    bytes += utf8Length(piece);
    if (bytes > maxBytes) break;
    text += piece;
  }
  return text;
}

/**
 * Escapes `text` for a place of `maxBytes` bytes (at least 16). Different texts give different results but for the eight
 * hexadecimal digits of MD5 that tell long ones apart; the token keeps their files separate even then.
 */
export function escapeSegment(text: string, maxBytes: number = maxSegmentBytes): string {
  // "∅" encoded: the character itself stays as it is, so no other text ends here.
  if (text === "") return "%E2%88%85";
  const characters = Array.from(text);
  const long = characters.length > maxWhole;
  const encode = long || unsafe.test(text);
  const pieces = (long ? characters.slice(0, keptOfLong) : characters).map((character) =>
    encode && !unreserved.test(character) ? percent(character) : character,
  );
  // A dot needs no encoding but where it would be the last, or all there is.
  if (encode && !long) {
    if (/^\.{1,2}$/.test(text)) pieces.fill("%2E");
    else if (pieces.at(-1) === ".") pieces[pieces.length - 1] = "%2E";
  }
  const whole = pieces.join("");
  if (!long && utf8Length(whole) <= maxBytes) return whole;
  const hash = `_${digest("md5", encoder.encode(text)).slice(0, hashDigits)}`;
  return fit(pieces, maxBytes - hash.length) + hash;
}
