import type { CodecSite } from "./contract.ts";

/** Where a value stands, as messages name it: `lab.Recording.raw of {"id":1}`; the key only where it is known. */
export function placeText({ schema, table, attribute, primaryKey }: CodecSite): string {
  // JSON has no bigint, and a key of int64 holds one.
  const key = JSON.stringify(primaryKey, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
  return `${schema}.${table}.${attribute}${key === "{}" ? "" : ` of ${key}`}`;
}
