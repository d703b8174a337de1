import { skipBlanks } from "@mortise/sql/driver";

const reading = /[\s(]*(?:select|with|values|table|call)\b/iy;

/**
 * Whether a statement goes through the binary protocol: what binds values does, on the server's side; and what may
 * return columns of a table, because the text protocol shows six digits of a float32. Everything else is sent as it is.
 */
export function needsPreparing(text: string, values: readonly unknown[]): boolean {
  if (values.length > 0) return true;
  reading.lastIndex = skipBlanks(text, 0, { mysql: true });
  return reading.test(text) || /\breturning\b/i.test(text);
}

/** Longer statements are closed after use: their text differs each time, and the server keeps what is prepared. */
export const longestKept = 4096;
