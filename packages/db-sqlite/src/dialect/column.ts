import {
  type ColumnSpec,
  type ColumnType,
  type DecimalType,
  integerRanges,
  isAutoIncrement,
  nativeFamily,
  quoteLiteral,
  quoteName,
} from "@mortise/sql";
import { defaultExpression } from "./defaults.ts";

const digit = "[0-9]";
const dateShape = `${digit.repeat(4)}-${digit.repeat(2)}-${digit.repeat(2)}`;
const hex = "[0-9a-f]";
const uuidShape = [8, 4, 4, 4, 12].map((count) => hex.repeat(count)).join("-");

function datetimeShape(digits: number): string {
  const seconds = `${digit.repeat(2)}:${digit.repeat(2)}:${digit.repeat(2)}`;
  return `${dateShape}T${seconds}${digits === 0 ? "" : `.${digit.repeat(digits)}`}`;
}

/** The storage class of STRICT tables that holds a type without loss. */
function storageClass(type: ColumnType): "INTEGER" | "REAL" | "TEXT" | "BLOB" {
  if (type.kind === "native") {
    const family = nativeFamily(type);
    if (family === "integer" || family === "year") return "INTEGER";
    if (family === "float") return "REAL";
    return family === "bytes" ? "BLOB" : "TEXT";
  }
  switch (type.name) {
    case "int8":
    case "int16":
    case "int32":
    case "int64":
    case "bool":
      return "INTEGER";
    case "float32":
    case "float64":
      return "REAL";
    case "bytes":
      return "BLOB";
    default:
      return "TEXT";
  }
}

/** What SQLite itself must hold true of a column, so that other programs can't store what we could not read. */
function check(type: ColumnType, name: string): string | undefined {
  if (type.kind === "native") return undefined;
  switch (type.name) {
    case "int8":
    case "int16":
    case "int32":
      return `${name} BETWEEN ${integerRanges[type.name].join(" AND ")}`;
    case "bool":
      return `${name} IN (0, 1)`;
    case "uuid":
      return `${name} GLOB '${uuidShape}'`;
    case "date":
      return `${name} GLOB '${dateShape}'`;
    case "datetime":
      return `${name} GLOB '${datetimeShape(type.digits ?? 0)}'`;
    case "json":
      return `json_valid(${name})`;
    case "enum":
      return `${name} IN (${type.values.map(quoteLiteral).join(", ")})`;
    case "char":
    case "varchar":
      return `length(${name}) <= ${type.length}`;
    case "decimal":
      return decimalCheck(type, name);
    default:
      return undefined;
  }
}

/** Only digits, a minus sign in front, the point at its place, and no more digits than the precision. */
function decimalCheck({ precision, scale }: DecimalType, name: string): string {
  const unsigned = `substr(${name}, 1 + (${name} GLOB '-*'))`;
  // A number below one is written with a zero that does not count.
  const whole = Math.max(precision - scale, 1);
  const length = scale === 0 ? whole : whole + 1 + scale;
  const point = scale === 0 ? "" : ` AND substr(${name}, -${scale + 1}, 1) = '.' AND ${unsigned} NOT GLOB '*.*.*'`;
  const allowed = scale === 0 ? "[^0-9]" : "[^0-9.]";
  return `${unsigned} NOT GLOB '*${allowed}*' AND length(${unsigned}) BETWEEN ${scale === 0 ? 1 : scale + 2} AND ${length}${point}`;
}

/** Whether SQLite numbers the rows by this column. */
export function isRowNumber(column: ColumnSpec, primaryKey: readonly string[]): boolean {
  return isAutoIncrement(column.type) && primaryKey.length === 1 && primaryKey[0] === column.name;
}

/** The clause of one column. */
export function columnClause(column: ColumnSpec, primaryKey: readonly string[]): string {
  const name = quoteName(column.name);
  if (isRowNumber(column, primaryKey)) return `${name} INTEGER PRIMARY KEY AUTOINCREMENT`;
  const storage = storageClass(column.type);
  const sole = primaryKey.length === 1 && primaryKey[0] === column.name;
  // As INTEGER a sole key would be the row number, and a row without it would get one instead of an error.
  const parts = [name, storage === "INTEGER" && sole ? "INT" : storage];
  if (!column.nullable) parts.push("NOT NULL");
  if (column.default !== undefined) parts.push(`DEFAULT ${defaultExpression(column)}`);
  const condition = column.name === "_singleton" ? `${name} = 1` : check(column.type, name);
  if (condition !== undefined) {
    // The name is what the error says when the check fails.
    parts.push(`CONSTRAINT ${quoteName(`${column.name} : ${column.type.text}`)} CHECK (${condition})`);
  }
  return parts.join(" ");
}
