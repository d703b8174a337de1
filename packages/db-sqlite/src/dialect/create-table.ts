import { DefinitionError } from "@mortise/core";
import {
  type ForeignKeySpec,
  type IndexSpec,
  quoteName,
  type Statement,
  supportIndexes,
  type TableSpec,
} from "@mortise/sql";
import { sql } from "kysely";
import { recordTable } from "../catalog/metadata.ts";
import { columnClause, isRowNumber } from "./column.ts";
import { fullName, quoteNames, quoteTable } from "./names.ts";

/** Everything that makes a table, for one transaction: the table, its indexes, its entry in the catalog. */
export function createTable(spec: TableSpec): readonly Statement[] {
  const name = quoteTable(spec.schema, spec.name);
  return [
    sql.raw(`CREATE TABLE ${name} (\n  ${tableClauses(spec).join(",\n  ")}\n) STRICT`),
    ...spec.indexes.map((index, position) =>
      createIndex(spec, `index_${position + 1}`, index.unique, index.items.map(indexItem)),
    ),
    ...supportIndexes(spec).map((columns, position) =>
      createIndex(spec, `foreign_key_${position + 1}`, false, columns.map(quoteName)),
    ),
    ...recordTable(spec),
  ];
}

function tableClauses(spec: TableSpec): string[] {
  if (spec.primaryKey.length === 0) {
    throw new DefinitionError("no-key", `${spec.schema}.${spec.name} has no primary key`, { table: spec.name });
  }
  const numbered = spec.columns.some((column) => isRowNumber(column, spec.primaryKey));
  return [
    ...spec.columns.map((column) => columnClause(column, spec.primaryKey)),
    ...(numbered ? [] : [`PRIMARY KEY (${quoteNames(spec.primaryKey)})`]),
    ...spec.foreignKeys.map(foreignKeyClause),
  ];
}

function foreignKeyClause({ columns, parent, parentColumns }: ForeignKeySpec): string {
  const target = `${quoteTable(parent.schema, parent.table)} (${quoteNames(parentColumns)})`;
  return `FOREIGN KEY (${quoteNames(columns)}) REFERENCES ${target} ON UPDATE CASCADE ON DELETE RESTRICT`;
}

/** Index names are one namespace for the whole file, so they begin with the table's. */
function createIndex(spec: TableSpec, suffix: string, unique: boolean, items: readonly string[]): Statement {
  const name = quoteName(`${fullName(spec.schema, spec.name)}.${suffix}`);
  const table = quoteTable(spec.schema, spec.name);
  return sql.raw(`CREATE ${unique ? "UNIQUE " : ""}INDEX ${name} ON ${table} (${items.join(", ")})`);
}

function indexItem(item: IndexSpec["items"][number]): string {
  if ("column" in item) return quoteName(item.column);
  // `scan.x.y:char(20)` is the definition language's path into a json column; SQLite's index needs no type.
  const path = /^([a-z][a-z0-9_]*)\.([A-Za-z_][\w.]*)(?::.*)?$/.exec(item.expression);
  if (path?.[1] === undefined || path[2] === undefined) return item.expression;
  return `json_extract(${quoteName(path[1])}, '$.${path[2]}')`;
}
