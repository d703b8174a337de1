import { parseCodecSpec } from "@mortise/core";
import { literalDefault } from "../defaults/check.ts";
import type { ColumnSpec } from "../table-spec.ts";
import type { ColumnType } from "../types/column-type.ts";

/** Whether two types are one, however they are spelled. */
export function sameType(a: ColumnType, b: ColumnType): boolean {
  return typeKey(a) === typeKey(b);
}

function typeKey(type: ColumnType): string {
  if (type.kind === "native") return type.text.toLowerCase().replaceAll(/\s+/g, " ");
  return JSON.stringify({ ...type, text: undefined });
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
  if (value.kind === "sql") return `sql ${value.text.toUpperCase()}`;
  try {
    return `value ${String(literalDefault(type, value.text))}`;
  } catch {
    return `text ${value.text}`;
  }
}
