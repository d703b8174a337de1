import { parseDecimalText } from "@mortise/sql";

/** The function that comparisons of decimals call; registered on each connection, used in no stored schema. */
export const decimalOrderFunction = "mortise_decimal_order";

/**
 * Text that sorts, byte by byte, as the decimal number does, so that comparing stays exact beyond the 15 digits of a
 * REAL. Sign first, then the number of whole digits, then the digits; for negative numbers every digit is turned
 * round, and `~` ends them so that the shorter one sorts last.
 *
 * @returns null for null and for text that is no number, as a comparison with it is
 */
export function decimalOrder(value: unknown): string | null {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint") return null;
  const digits = parseDecimalText(String(value));
  if (digits === undefined) return null;
  const { whole, fraction } = digits;
  const key = `${String(whole.length).padStart(3, "0")}${whole}.${fraction}`;
  const zero = whole === "" && fraction === "";
  if (!digits.negative || zero) return `1${key}`;
  return `0${key.replaceAll(/\d/g, (digit) => String(9 - Number(digit)))}~`;
}
