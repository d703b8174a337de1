/** What has to be quoted inside an element of an array literal. */
const special = /["\\]/g;

/**
 * An array as the server reads it from text: `{"a","b\"",NULL}`
 * (https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO). Every element is quoted, so that none is read as
 * NULL, as a nested array or without its blanks.
 */
export function arrayLiteral(values: readonly (string | null)[]): string {
  const elements = values.map((value) => (value === null ? "NULL" : `"${value.replace(special, "\\$&")}"`));
  return `{${elements.join(",")}}`;
}

/** The text form of bytes, `\x00ff`. */
export function bytesText(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
}
