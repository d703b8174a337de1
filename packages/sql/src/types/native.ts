import type { ColumnType, NativeType } from "./column-type.ts";

/** What a native type holds, as far as values are concerned. */
export type NativeFamily = "integer" | "float" | "decimal" | "text" | "bytes" | "timestamp" | "time" | "year";

const args = String.raw`(?:\s*\([^()]*\))?`;

const patterns: readonly (readonly [NativeFamily, RegExp])[] = [
  [
    "integer",
    new RegExp(
      `^(?:(?:tinyint|smallint|mediumint|int|bigint|integer)${args}(?:\\s+unsigned)?(?:\\s+auto_increment)?|serial)$`,
      "i",
    ),
  ],
  ["decimal", new RegExp(`^numeric${args}(?:\\s+unsigned)?$`, "i")],
  ["float", new RegExp(`^(?:double|float|real)${args}(?:\\s+unsigned)?$`, "i")],
  ["timestamp", new RegExp(`^timestamp${args}$`, "i")],
  ["time", new RegExp(`^time${args}$`, "i")],
  ["year", new RegExp(`^year${args}$`, "i")],
  ["bytes", /^(?:tinyblob|smallblob|mediumblob|longblob)$/i],
  ["text", /^(?:text|tinytext|smalltext|mediumtext|longtext)$/i],
];

/** A native type of the reference's grammar (section 1.5), anchored at both ends; undefined for anything else. */
export function parseNativeType(text: string): NativeType | undefined {
  if (!patterns.some(([, pattern]) => pattern.test(text))) return undefined;
  const name = /^[a-z]+/i.exec(text)?.[0].toLowerCase() ?? text;
  return { kind: "native", name, text };
}

/** By their first word, types that no definition has but catalogs show: `decimal(10,2) unsigned`, `binary(16)`. */
const shown: readonly (readonly [NativeFamily, RegExp])[] = [
  ["integer", /^(?:tinyint|smallint|mediumint|int|bigint|smallserial|bigserial)$/],
  ["decimal", /^decimal$/],
  ["float", /^(?:double|float|real)$/],
  ["bytes", /^(?:(?:var)?binary|blob|bytea|bit)$/],
];

/** The family of a native type; `text` for one that only the database itself knows (read from its catalog). */
export function nativeFamily(type: NativeType): NativeFamily {
  const known = patterns.find(([, pattern]) => pattern.test(type.text));
  return (known ?? shown.find(([, pattern]) => pattern.test(type.name)))?.[0] ?? "text";
}

/** Whether the database numbers the rows: such a key may be left out of an insert. */
export function isAutoIncrement(type: ColumnType): boolean {
  return type.kind === "native" && (/^(?:small|big)?serial$/.test(type.name) || /\bauto_increment\b/i.test(type.text));
}

/** Whether values may exceed 2^53, so that the driver must deliver `bigint` (`ExecuteOptions.bigints`). */
export function needsBigint(type: ColumnType): boolean {
  if (type.kind === "core") return type.name === "int64";
  return type.name === "bigint" || type.name === "serial" || type.name === "bigserial";
}

/** The type of a column that refers to one of this type: it takes the number of another row and makes none. */
export function withoutNumbering(type: ColumnType): ColumnType {
  if (type.kind !== "native" || !isAutoIncrement(type)) return type;
  const text = type.text.replace(/\s+auto_increment\b/i, "").replace(/^(small|big)?serial$/i, "$1int");
  return { kind: "native", name: text.split(/\W/, 1)[0]?.toLowerCase() ?? text, text };
}
