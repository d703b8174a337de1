import type { ColumnType, EnumType } from "@mortise/sql";

const simple: Readonly<Record<string, string>> = {
  // PostgreSQL has no integer of one byte: values are checked before they are sent.
  int8: "smallint",
  int16: "smallint",
  int32: "integer",
  int64: "bigint",
  float32: "real",
  float64: "double precision",
  bool: "boolean",
  uuid: "uuid",
  json: "jsonb",
  bytes: "bytea",
  date: "date",
};

/** Names of types that others number by a sequence of their own. */
const numbered: Readonly<Record<string, string>> = {
  serial: "integer",
  bigserial: "bigint",
  smallserial: "smallint",
};

/** The type in SQL, that of DataJoint for Python; the text in parentheses stays as written. Not for enums. */
export function sqlType(type: Exclude<ColumnType, EnumType>): string {
  if (type.kind === "native") return type.text;
  const args = /\(.*\)$/s.exec(type.text)?.[0] ?? "";
  switch (type.name) {
    case "datetime":
      return `timestamp${args}`;
    case "decimal":
      return `numeric${args}`;
    case "char":
    case "varchar":
      return `${type.name}${args}`;
    default:
      return simple[type.name] ?? type.name;
  }
}

/** The type of a column that refers to one of this type: it holds the same numbers, but does not count by itself. */
export function referringType(type: Exclude<ColumnType, EnumType>): string {
  const text = sqlType(type);
  return type.kind === "native" ? (numbered[text.toLowerCase()] ?? text) : text;
}
