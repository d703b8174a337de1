import { QueryError } from "@mortise/core";
import { arrayLiteral, bytesText } from "./array-literal.ts";
import type { WireValue } from "./wire.ts";

/** The protocol counts them in 16 bits; more would wrap around and bind something else. */
const maxValues = 65_535;

function refuse(index: number, what: string, hint?: string): never {
  throw new QueryError("invalid-query", `bound value ${index + 1} is ${what}, which can't be bound`, { hint });
}

function textOf(value: unknown, index: number): string | undefined {
  switch (typeof value) {
    case "string":
      // It would be sent as U+FFFD, so that another text than this were stored or looked for.
      return value.isWellFormed() ? value : refuse(index, "text with half a surrogate pair");
    case "number":
      // As text zero has no sign, which a float keeps.
      return Object.is(value, -0) ? "-0" : String(value);
    case "bigint":
    case "boolean":
      return String(value);
    default:
      return undefined;
  }
}

/** One element of an array; the array's type is the server's to infer. */
function elementOf(value: unknown, index: number): string | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return bytesText(value);
  return textOf(value, index) ?? refuse(index, "an array of other things than texts, numbers and bytes");
}

/**
 * One value of a statement as it is sent: text, whose type the server infers from its place in the statement. The
 * driver's own conversions are not used, because they apply the local time zone to a Date and turn objects into JSON.
 */
function bindValue(value: unknown, index: number): WireValue {
  const text = textOf(value, index);
  if (text !== undefined) return text;
  if (value === null) return null;
  if (value === undefined) return refuse(index, "undefined", "use null");
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof Date) return refuse(index, "a Date", "bind the column's text: 2024-02-29T12:00:00");
  if (Array.isArray(value)) return arrayLiteral(value.map((element) => elementOf(element, index)));
  return refuse(
    index,
    typeof value === "object" ? "an object" : `a ${typeof value}`,
    "bind JSON text, or single values",
  );
}

/** All values of a statement, in order. Throws `QueryError` `invalid-query`. */
export function bindValues(values: readonly unknown[]): readonly WireValue[] {
  if (values.length > maxValues) {
    throw new QueryError("invalid-query", `a statement binds at most ${maxValues} values, not ${values.length}`, {
      hint: "bind arrays (= any($1)), or run several statements",
    });
  }
  return values.map(bindValue);
}
