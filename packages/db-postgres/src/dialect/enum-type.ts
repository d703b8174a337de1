import { DefinitionError } from "@mortise/core";
import type { ColumnSpec, ColumnType, EnumType, TableSpec } from "@mortise/sql";
import { literal } from "./literal.ts";
import { maxNameBytes, quoteTable } from "./names.ts";
import { shortHash } from "./short-hash.ts";

/** How the names of all enum types of DataJoint begin: what does not is somebody else's and is never dropped. */
export const enumPrefix = "enum_";

/** Only these need a type of the database before their table is made. */
export function isEnum(type: ColumnType): type is EnumType {
  return type.kind === "core" && type.name === "enum";
}

/**
 * `"lab"."enum_0a1b2c3d"`: a type for one column alone, in the schema of its table, so that dropping the table can take
 * nothing from others. Not for columns of foreign keys.
 */
export function ownEnumType(spec: TableSpec, column: string): string {
  return quoteTable(spec.schema, `${enumPrefix}${shortHash(`${spec.name}.${column}`)}`);
}

/**
 * Makes the type of a column. One that a table left behind is dropped before; where it is still in use, by a renamed
 * table for example, PostgreSQL refuses, because the drop has no CASCADE.
 */
export function createEnumType(spec: TableSpec, column: ColumnSpec, type: EnumType): readonly string[] {
  const name = ownEnumType(spec, column.name);
  const long = type.values.find((value) => Buffer.byteLength(value) > maxNameBytes);
  if (long !== undefined) {
    throw new DefinitionError("invalid-type", `${column.name}: the value ${JSON.stringify(long)} is too long`, {
      table: spec.name,
      hint: `the values of an enum have at most ${maxNameBytes} bytes on PostgreSQL`,
    });
  }
  return [`DROP TYPE IF EXISTS ${name}`, `CREATE TYPE ${name} AS ENUM (${type.values.map(literal).join(", ")})`];
}
