import { describe, refuse } from "../errors.ts";
import type { NativeType } from "../types/column-type.ts";
import { nativeFamily, needsBigint } from "../types/native.ts";
import type { Acceptor, ValueTraits } from "./accept.ts";
import { acceptBytes } from "./bytes.ts";
import { datetimeAcceptor } from "./datetime.ts";
import { parseDecimalText } from "./decimal.ts";
import { floatAcceptor } from "./float.ts";
import { acceptInt64 } from "./integer.ts";
import { portableText } from "./text.ts";

/**
 * Native columns check the kind of a value; their bounds are the database's to check. What databases change without a
 * word is refused: digits that they would round or cut, bytes that they would fill up, years of two digits.
 */
export function nativeAcceptor(type: NativeType, traits: ValueTraits): Acceptor {
  const scale = scaleOf(type);
  switch (nativeFamily(type)) {
    case "integer":
      return needsBigint(type) ? acceptInt64 : (value) => Number(acceptInt64(value));
    case "year":
      return acceptYear;
    case "time":
      return (value) => timeText(type, traits, value);
    case "float":
      return floatAcceptor(type.text, traits);
    case "decimal":
      return (value) => exactNumber(type, scale, value);
    case "timestamp":
      return datetimeAcceptor(type.text, timestampDigits(type));
    case "bytes":
      return type.name === "binary" ? (value) => wholeBytes(type, value) : acceptBytes;
    default:
      return (value) => portableText(type.text, value);
  }
}

/** Digits of `timestamp(n)`; a bare `timestamp` keeps whole seconds on MySQL, and so everywhere. */
export function timestampDigits(type: NativeType): number {
  return Number(/\(\s*(\d+)\s*\)/.exec(type.text)?.[1] ?? 0);
}

/** Digits after the point of `numeric(5, 2)`; undefined for one without bounds of its own. */
function scaleOf(type: NativeType): number | undefined {
  const bounds = /\(\s*\d+\s*(?:,\s*(\d+)\s*)?\)/.exec(type.text);
  return bounds === null ? undefined : Number(bounds[1] ?? 0);
}

function exactNumber(type: NativeType, scale: number | undefined, value: unknown): string {
  const text = typeof value === "number" || typeof value === "bigint" ? String(value) : value;
  const digits = typeof text === "string" ? parseDecimalText(text) : undefined;
  if (digits === undefined) {
    throw refuse("wrong-type", `${type.text} expects a decimal number, got ${describe(value)}`);
  }
  if (scale !== undefined && digits.fraction.length > scale) {
    throw refuse(
      "too-many-digits",
      `${type.text} has ${scale} digits after the point, got ${describe(value)}`,
      "round it first, for example with toFixed()",
    );
  }
  return text as string;
}

/** A bare `time` has microseconds on PostgreSQL, which is where NaN is a number, and whole seconds elsewhere. */
function timeText(type: NativeType, traits: ValueTraits, value: unknown): string {
  const text = portableText(type.text, value);
  const digits = scaleless.test(type.text) && traits.nan ? 6 : timestampDigits(type);
  const fraction = /\.(\d*?)0*(?!\d)/.exec(text)?.[1] ?? "";
  if (fraction.length <= digits) return text;
  throw refuse(
    "too-many-digits",
    `${type.text} has ${digits || "no"} digits after the seconds, got ${describe(value)}`,
  );
}

const scaleless = /^[^(]*$/;

/** MySQL takes 70 for 1970. */
function acceptYear(value: unknown): number {
  const year = Number(acceptInt64(value));
  if (year === 0 || year > 99) return year;
  throw refuse("out-of-range", `year expects four digits, got ${describe(value)}`);
}

/** Fewer bytes than the column has would come back with zeros at their end. */
function wholeBytes(type: NativeType, value: unknown): Uint8Array {
  const bytes = acceptBytes(value);
  const length = Number(/\d+/.exec(type.text)?.[0] ?? 1);
  if (bytes.byteLength === length) return bytes;
  throw refuse("out-of-range", `${type.text} holds ${length} bytes, got ${bytes.byteLength}`);
}
