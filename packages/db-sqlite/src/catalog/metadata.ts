import type { Statement, TableSpec } from "@mortise/sql";
import { sql } from "kysely";

/** Writes a table's entry in the catalog of the file. */
export function recordTable(spec: TableSpec): readonly Statement[] {
  const columns = spec.columns.map(
    (column, position) =>
      sql`(${spec.schema}, ${spec.name}, ${position}, ${column.name}, ${column.type.text}, ${column.marker ?? null},
        ${column.comment}, ${column.nullable}, ${column.default?.kind ?? null},
        ${column.default === undefined || column.default.kind === "null" ? null : column.default.text})`,
  );
  return [
    sql`insert into "~tables" ("schema", "name", "comment", "primary_key", "indexes")
      values (${spec.schema}, ${spec.name}, ${spec.comment}, ${JSON.stringify(spec.primaryKey)},
        ${JSON.stringify(spec.indexes)})`,
    sql`insert into "~columns" ("schema", "table", "position", "name", "type", "marker", "comment", "nullable",
        "default_kind", "default_text")
      values ${sql.join(columns)}`,
  ];
}

/** Removes a table's entry. */
export function forgetTable(schema: string, name: string): readonly Statement[] {
  return [
    sql`delete from "~columns" where "schema" = ${schema} and "table" = ${name}`,
    sql`delete from "~tables" where "schema" = ${schema} and "name" = ${name}`,
  ];
}
