import { isMortiseError } from "@mortise/core";
import { describe, refuse } from "../errors.ts";
import type { ColumnDefault } from "../table-spec.ts";
import type { ColumnType } from "../types/column-type.ts";
import { nativeFamily } from "../types/native.ts";
import { acceptValue } from "../values/accept.ts";
import { timestampDigits } from "../values/native.ts";

/** The strictest traits: a default has to work on every database. */
const everywhere = { nan: false, infinity: false };

const numberNames: ReadonlySet<string> = new Set(["int8", "int16", "int32", "int64", "float32", "float64"]);

/**
 * The value of a literal default, in the normal form of its type (`"5"` → 5 for `int32`).
 *
 * @throws ValueError where the column would refuse it; `bool` takes `1` and `0` only, as MySQL does.
 */
export function literalDefault(type: ColumnType, text: string): unknown {
  const family = type.kind === "native" ? nativeFamily(type) : undefined;
  if (type.kind === "core" && type.name === "bool") {
    if (text === "1" || text === "0") return text === "1";
    throw refuse("wrong-type", `the default of a bool is 1 or 0, got ${describe(text)}`);
  }
  if (type.kind === "core" && (type.name === "json" || type.name === "bytes")) {
    throw refuse("wrong-type", `the default of ${type.text} can only be null, got ${describe(text)}`);
  }
  if (family === "bytes") throw refuse("wrong-type", `the default of ${type.text} can only be null`);
  if (numberNames.has(type.kind === "core" ? type.name : "") || family === "integer" || family === "float") {
    return acceptValue(type, numberOf(type, text, family), everywhere);
  }
  return acceptValue(type, text, everywhere);
}

function numberOf(type: ColumnType, text: string, family: string | undefined): number | bigint {
  const trimmed = text.trim();
  const whole = family === "integer" || (type.kind === "core" && type.name.startsWith("int"));
  if (whole && /^[+-]?\d+$/.test(trimmed)) {
    // A number where it is exact: a refusal shows it, and nobody wrote an `n`.
    return Number.isSafeInteger(Number(trimmed)) ? Number(trimmed) : BigInt(trimmed.replace(/^\+/, ""));
  }
  if (!whole && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed)) return Number(trimmed);
  throw refuse("wrong-type", `the default of ${type.text} is not a number: ${describe(text)}`);
}

/** Digits of `CURRENT_TIMESTAMP` or `CURRENT_TIMESTAMP(n)`; undefined for any other text. */
export function currentTimestampDigits(text: string): number | undefined {
  const match = /^current_timestamp(?:\s*\(\s*(\d?)\s*\))?$/i.exec(text.trim());
  return match === null ? undefined : Number(match[1] ?? 0);
}

/**
 * What is wrong with a default, undefined for none. The same on every database, so that a definition means one thing:
 * `CURRENT_TIMESTAMP(n)` must have the digits of its column.
 */
export function defaultProblem(
  type: ColumnType,
  value: ColumnDefault,
): { readonly message: string; readonly hint?: string | undefined } | undefined {
  if (value.kind === "null") return undefined;
  if (value.kind === "literal") return literalProblem(type, value.text);
  const given = currentTimestampDigits(value.text);
  if (given === undefined) return undefined;
  const wanted = secondDigits(type);
  if (wanted === undefined) {
    return { message: `${value.text} is no default for ${type.text}`, hint: "it needs a datetime" };
  }
  if (wanted === given) return undefined;
  const hint = `write CURRENT_TIMESTAMP${wanted === 0 ? "" : `(${wanted})`}`;
  return { message: `${value.text} has ${given} digits after the seconds, ${type.text} has ${wanted}`, hint };
}

function literalProblem(type: ColumnType, text: string): ReturnType<typeof defaultProblem> {
  try {
    literalDefault(type, text);
    return undefined;
  } catch (error) {
    if (!isMortiseError(error)) throw error;
    const { message, hint } = error;
    return { message, hint };
  }
}

function secondDigits(type: ColumnType): number | undefined {
  if (type.kind === "core") return type.name === "datetime" ? (type.digits ?? 0) : undefined;
  return nativeFamily(type) === "timestamp" ? timestampDigits(type) : undefined;
}
