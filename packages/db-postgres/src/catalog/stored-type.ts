import { type ColumnType, type NativeType, parseColumnType } from "@mortise/sql";
import { sqlType } from "../dialect/column-type.ts";
import { isEnum } from "../dialect/enum-type.ts";
import type { ColumnJson } from "./column-spec.ts";

/** What `format_type` prints, as core types. Without a marker numbers are left as PostgreSQL's own types. */
const coreNames: Readonly<Record<string, string>> = {
  smallint: "int16",
  integer: "int32",
  bigint: "int64",
  real: "float32",
  "double precision": "float64",
  numeric: "decimal",
  "timestamp without time zone": "datetime",
};

/** Types that are the same with a marker and without. */
const sharedNames: Readonly<Record<string, string>> = {
  boolean: "bool",
  uuid: "uuid",
  jsonb: "json",
  json: "json",
  bytea: "bytes",
  date: "date",
  character: "char",
  "character varying": "varchar",
};

/** The type that numbers its rows, by the type of its numbers. */
const serials: Readonly<Record<string, string>> = { smallint: "smallserial", integer: "serial", bigint: "bigserial" };

/** `timestamp(3) without time zone` taken apart: its name without arguments, and the arguments. */
function split(type: string): { readonly name: string; readonly args: string } {
  const match = /^([^"(]*?)(\([^)]*\))?( with(?:out)? time zone)?$/.exec(type);
  return match === null ? { name: type, args: "" } : { name: `${match[1]}${match[3] ?? ""}`, args: match[2] ?? "" };
}

function core(name: string | undefined, args: string): ColumnType | undefined {
  return name === undefined ? undefined : parseColumnType(`${name}${args}`).type;
}

/** Types whose values are more than text to the rest of Mortise, by their first word. */
const familiar = /^(?:(?:small|big)?(?:int|serial)|real|float|numeric|timestamp|time)(?:\([\d,]*\))?$/;

/** A type that only the server knows has no name but its text: `bigint[]` must not be taken for a number. */
function native(text: string): NativeType {
  const name = familiar.test(text) ? text.split("(", 1)[0] : undefined;
  return { kind: "native", name: name ?? text, text };
}

function enumOf(labels: readonly string[]): ColumnType {
  const text = `enum(${labels.map((label) => `'${label.replaceAll("'", "''")}'`).join(",")})`;
  return { kind: "core", name: "enum", values: labels, text };
}

/** The type of a column: that of its marker, if the column is of that type, else the one that it has. */
export function columnType(column: ColumnJson, marker: string | undefined, isReference: boolean): ColumnType {
  if (isNumbered(column)) return native(serials[column.type] ?? column.type);
  if (marker === undefined) return unmarkedType(column, isReference);
  // The final type of a codec is told by the column alone.
  const declared = marker.startsWith("<") ? undefined : parseColumnType(marker, { lenient: true }).type;
  return declared?.kind === "core" && fits(declared, column) ? declared : storedType(column);
}

/** Whether the database numbers the rows: an identity, or the default that `serial` makes. */
export function isNumbered({ type, identity, default: text }: ColumnJson): boolean {
  return serials[type] !== undefined && (identity || text?.startsWith("nextval(") === true);
}

/** Whether a column can be what its marker says: someone may have changed the one and not the other. */
function fits(declared: ColumnType, { type, labels }: ColumnJson): boolean {
  if (isEnum(declared)) {
    const values = new Set(declared.values);
    return labels !== null && labels.length === values.size && labels.every((label) => values.has(label));
  }
  if (labels !== null) return false;
  const expected = split(sqlType(declared)).name;
  const { name } = split(type);
  return (aliases[expected] ?? expected) === name;
}

/** Spellings of `sqlType` that `format_type` has another one for. */
const aliases: Readonly<Record<string, string>> = {
  timestamp: "timestamp without time zone",
  char: "character",
  varchar: "character varying",
};

/** The core type that holds what the column holds, as far as there is one. */
function storedType({ type, labels }: Pick<ColumnJson, "type" | "labels">): ColumnType {
  if (labels !== null) return enumOf(labels);
  const { name, args } = split(type);
  return (
    core(coreNames[name] ?? sharedNames[name], args.replace(/^\((\d+)\)$/, name === "numeric" ? "($1,0)" : "($1)")) ??
    native(type)
  );
}

/** Native types of the definition language that `format_type` has longer names for. */
const nativeNames: Readonly<Record<string, string>> = {
  integer: "int",
  "double precision": "float",
  "timestamp without time zone": "timestamp",
  "time without time zone": "time",
};

/** A native type of a definition, or whatever somebody else has made: what is not known stays as PostgreSQL has it. */
function unmarkedType({ type, labels }: ColumnJson, isReference: boolean): ColumnType {
  if (labels !== null) return enumOf(labels);
  const { name, args } = split(type);
  const shared = core(sharedNames[name], args);
  if (shared !== undefined) return shared;
  // The copies that Python makes for foreign keys: a `datetime(n)` has lost its digits, so that it may have six.
  if (isReference && name === "numeric") return storedType({ type, labels });
  if (isReference && type === "timestamp without time zone") return native("timestamp(6)");
  return native(nativeNames[name] === undefined ? type : `${nativeNames[name]}${args}`);
}
