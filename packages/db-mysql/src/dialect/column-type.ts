import type { ColumnType } from "@mortise/sql";
import { quoteText } from "./quote-text.ts";

/** Types without arguments, those of DataJoint for Python. */
const simple: Readonly<Record<string, string>> = {
  int8: "tinyint",
  int16: "smallint",
  int32: "int",
  int64: "bigint",
  float32: "float",
  float64: "double",
  bool: "tinyint",
  uuid: "binary(16)",
  json: "json",
  bytes: "longblob",
  date: "date",
};

/** The server's type. Native types are written as they were given. */
export function columnType(type: ColumnType): string {
  if (type.kind === "native") return type.text;
  switch (type.name) {
    case "datetime":
      return type.digits === undefined ? "datetime" : `datetime(${type.digits})`;
    case "char":
    case "varchar":
      return `${type.name}(${type.length})`;
    case "decimal":
      return `decimal(${type.precision},${type.scale})`;
    case "enum":
      return `enum(${type.values.map(quoteText).join(",")})`;
    default:
      return simple[type.name] ?? type.text;
  }
}

/** The type of a column that a foreign key fills: the parent's, without what makes the server number its rows. */
export function referringType(type: ColumnType): string {
  if (type.kind === "native" && type.name === "serial") return "bigint unsigned";
  return columnType(type).replace(/\s+auto_increment\b/i, "");
}
