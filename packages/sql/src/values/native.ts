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

/** Native columns check the kind of a value; their bounds are the database's to check. */
export function nativeAcceptor(type: NativeType, traits: ValueTraits): Acceptor {
  switch (nativeFamily(type)) {
    case "integer":
      return needsBigint(type) ? acceptInt64 : (value) => Number(acceptInt64(value));
    case "year":
      return (value) => Number(acceptInt64(value));
    case "float":
      return floatAcceptor(type.text, traits);
    case "decimal":
      return (value) => exactNumber(type, value);
    case "timestamp":
      return datetimeAcceptor(type.text, timestampDigits(type));
    case "bytes":
      return acceptBytes;
    default:
      return (value) => portableText(type.text, value);
  }
}

/** Digits of `timestamp(n)`; a bare `timestamp` keeps whole seconds on MySQL, and so everywhere. */
export function timestampDigits(type: NativeType): number {
  return Number(/\(\s*(\d+)\s*\)/.exec(type.text)?.[1] ?? 0);
}

function exactNumber(type: NativeType, value: unknown): string {
  const text = typeof value === "number" || typeof value === "bigint" ? String(value) : value;
  if (typeof text !== "string" || parseDecimalText(text) === undefined) {
    throw refuse("wrong-type", `${type.text} expects a decimal number, got ${describe(value)}`);
  }
  return text;
}
