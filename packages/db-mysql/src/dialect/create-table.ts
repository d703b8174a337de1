import { hash } from "node:crypto";
import { DefinitionError } from "@mortise/core";
import { type ColumnSpec, type ForeignKeySpec, nativeFamily, type Statement, type TableSpec } from "@mortise/sql";
import { sql } from "kysely";
import { columnType, referringType } from "./column-type.ts";
import { columnComment, tableComment } from "./comments.ts";
import { defaultClause } from "./defaults.ts";
import { hasExpression, indexClause } from "./index-clause.ts";
import { quoteName, quoteNames, quoteTable } from "./names.ts";
import { quoteText } from "./quote-text.ts";

/** Longer table names leave the server no room for its own names of foreign keys, `<table>_ibfk_<n>` in 64 characters. */
const maxNameWithSuffix = 54;

/** Does nothing on MySQL and fails on MariaDB, each of which reads the other's comment as a comment. */
const refuseOnMariaDb = `/*!50700 DO 0 */ /*M! SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = ${quoteText(
  "MariaDB has no indexes on expressions or JSON paths: leave the index out of the definition",
)} */`;

/**
 * A table in one statement, with its indexes and comments. There is no charset, collation or row format: columns of
 * foreign keys must have those of their parents, which the schema's defaults give to both.
 */
export function createTable(spec: TableSpec): readonly Statement[] {
  if (spec.primaryKey.length === 0) {
    throw new DefinitionError("no-key", `${spec.schema}.${spec.name} has no primary key`, { table: spec.name });
  }
  const referring = new Set(spec.foreignKeys.flatMap(({ columns }) => columns));
  const clauses = [
    ...spec.columns.map((column) => columnClause(column, referring.has(column.name))),
    `PRIMARY KEY (${quoteNames(spec.primaryKey)})`,
    ...spec.foreignKeys.map((key, position) => foreignKeyClause(spec, key, position)),
    ...spec.indexes.map(indexClause),
  ];
  const table = quoteTable(spec.schema, spec.name);
  const create = sql.raw(`CREATE TABLE ${table} (\n  ${clauses.join(",\n  ")}\n) ENGINE=InnoDB${tableComment(spec)}`);
  return spec.indexes.some(hasExpression) ? [sql.raw(refuseOnMariaDb), create] : [create];
}

function columnClause(column: ColumnSpec, isReferring: boolean): string {
  const { type } = column;
  const text = isReferring ? referringType(type) : columnType(type);
  // Old settings give a timestamp NOT NULL and a default of their own where neither is written.
  const isTimestamp = type.kind === "native" && nativeFamily(type) === "timestamp";
  const nullability = column.nullable ? (isTimestamp ? " NULL" : "") : " NOT NULL";
  return `${quoteName(column.name)} ${text}${nullability}${defaultClause(column)}${columnComment(column)}`;
}

function foreignKeyClause(spec: TableSpec, key: ForeignKeySpec, position: number): string {
  const target = `${quoteTable(key.parent.schema, key.parent.table)} (${quoteNames(key.parentColumns)})`;
  const references = `FOREIGN KEY (${quoteNames(key.columns)}) REFERENCES ${target}`;
  return `${constraintName(spec, position)}${references} ON UPDATE CASCADE ON DELETE RESTRICT`;
}

/** Names are unique in the schema; the number at the end keeps their order, as in the server's own names. */
function constraintName({ schema, name }: TableSpec, position: number): string {
  if (name.length <= maxNameWithSuffix) return "";
  const short = hash("sha256", `${schema}.${name}`).slice(0, 12);
  return `CONSTRAINT ${quoteName(`${name.slice(0, 40)}_${short}_ibfk_${position + 1}`)} `;
}
