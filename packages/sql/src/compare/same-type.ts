import { parseCodecSpec } from "@mortise/core";
import { currentTimestampDigits, literalDefault } from "../defaults/check.ts";
import type { ColumnSpec } from "../table-spec.ts";
import type { ColumnType } from "../types/column-type.ts";

/** Whether two types are one, however they are spelled. */
export function sameType(a: ColumnType, b: ColumnType): boolean {
  return typeKey(a) === typeKey(b);
}

function typeKey(type: ColumnType): string {
  if (type.kind === "core") return JSON.stringify({ ...type, text: undefined });
  const key = nativeKey(type.text);
  const decimal = /^decimal(?: ?\( ?(\d+) ?(?:, ?(\d+) ?)?\))?$/.exec(key);
  if (decimal === null) return key;
  const [, precision = "10", scale = "0"] = decimal;
  return JSON.stringify({ kind: "core", name: "decimal", precision: Number(precision), scale: Number(scale) });
}

/** Words that a server reads as others and shows as those. */
const synonyms: readonly (readonly [RegExp, string])[] = [
  // How wide clients of old showed integers is no part of the type.
  [/^((?:tiny|small|medium|big)?int(?:eger)?|year) ?\( ?\d+ ?\)/, "$1"],
  [/^integer\b/, "int"],
  [/^numeric\b/, "decimal"],
  [/^real\b/, "double"],
  [/^serial$/, "bigint unsigned auto_increment"],
];

/** A type of the database's own as MySQL shows it: servers keep what they understood, not what was written. */
function nativeKey(text: string): string {
  const plain = text.toLowerCase().replaceAll(/\s+/g, " ");
  return synonyms.reduce((key, [pattern, word]) => key.replace(pattern, word), plain);
}

/** `<blob@>` and `< blob @ >` are one; undefined for what is no codec. */
export function codecKey(marker: string | undefined): string | undefined {
  if (marker?.startsWith("<") !== true) return undefined;
  const { name, store } = parseCodecSpec(marker, { lenient: true });
  return store === undefined ? `<${name}>` : `<${name}@${store}>`;
}

/** Whether two columns have the same default, in whatever form: `'1.50'` and `1.5` of a decimal are one. */
export function sameDefault(a: ColumnSpec, b: ColumnSpec): boolean {
  return defaultKey(a) === defaultKey(b);
}

/** No default and a null default are one for a nullable column: both make a missing value NULL. */
function defaultKey({ type, default: value, nullable }: ColumnSpec): string {
  if (value === undefined) return nullable ? "null" : "none";
  if (value.kind === "null") return "null";
  if (value.kind === "sql") return `sql ${currentTimestampDigits(value.text) ?? value.text.toUpperCase()}`;
  try {
    const found = literalDefault(type, value.text);
    // MySQL's catalog shows six digits of it.
    const isSingle = type.kind === "core" && type.name === "float32";
    return `value ${isSingle ? Number(found).toPrecision(6) : String(found)}`;
  } catch {
    return `text ${value.text}`;
  }
}
