import {
  type ColumnDefault,
  type ColumnSpec,
  type ColumnType,
  type Executor,
  type ForeignKeySpec,
  type IndexSpec,
  parseColumnType,
  type TableSpec,
} from "@mortise/sql";
import { sql } from "kysely";
import { fullName } from "../dialect/names.ts";
import { readForeignKeys } from "./foreign-keys.ts";

/** A row of `~tables`. A table that was dropped by hand has one, but is not in `sqlite_schema`. */
interface TableRow {
  readonly name: string;
  readonly comment: string;
  readonly primary_key: string;
  readonly indexes: string;
}

/** A row of `~columns`; `type` is the text of the type, from which all of it is read again. */
interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly marker: string | null;
  readonly comment: string;
  readonly nullable: number;
  readonly default_kind: ColumnDefault["kind"] | null;
  readonly default_text: string | null;
}

/** The tables of a schema as they were declared; all of them without `names`. Three statements, however many tables. */
export async function readTables(
  executor: Executor,
  schema: string,
  names: readonly string[] | undefined,
): Promise<readonly TableSpec[]> {
  const wanted = names === undefined ? null : JSON.stringify(names);
  const tables = await executor.execute<TableRow>(sql`
    select t."name", t."comment", t."primary_key", t."indexes" from "~tables" t
    join sqlite_schema m on m.type = 'table' and m.name = t."schema" || '.' || t."name"
    where t."schema" = ${schema} and (${wanted} is null or t."name" in (select value from json_each(${wanted})))
    order by t."name"`);
  if (tables.rows.length === 0) return [];
  const columns = await executor.execute<ColumnRow>(sql`
    select "table", "name", "type", "marker", "comment", "nullable", "default_kind", "default_text" from "~columns"
    where "schema" = ${schema} and (${wanted} is null or "table" in (select value from json_each(${wanted})))
    order by "table", "position"`);
  const columnsOf = Map.groupBy(columns.rows, (row) => row.table);
  const edges = await readForeignKeys(executor, { children: tables.rows.map((row) => fullName(schema, row.name)) });
  const edgesOf = Map.groupBy(edges, (edge) => edge.child.table);
  return tables.rows.map((row) => ({
    schema,
    name: row.name,
    comment: row.comment,
    columns: (columnsOf.get(row.name) ?? []).map(columnSpec),
    primaryKey: JSON.parse(row.primary_key) as string[],
    foreignKeys: (edgesOf.get(row.name) ?? []).map(
      (edge): ForeignKeySpec => ({
        columns: edge.columns.map(([child]) => child),
        parent: edge.parent,
        parentColumns: edge.columns.map(([, parent]) => parent),
      }),
    ),
    indexes: JSON.parse(row.indexes) as IndexSpec[],
  }));
}

function columnSpec(row: ColumnRow): ColumnSpec {
  return {
    name: row.name,
    type: storedType(row.type),
    marker: row.marker ?? undefined,
    comment: row.comment,
    nullable: row.nullable !== 0,
    default: storedDefault(row),
  };
}

/** A type that this release does not know is shown as the database's own, so that its table can still be read. */
function storedType(text: string): ColumnType {
  const parsed = parseColumnType(text, { lenient: true });
  return parsed.type ?? { kind: "native", name: text.split(/\W/, 1)[0]?.toLowerCase() ?? text, text };
}

function storedDefault({ default_kind: kind, default_text: text }: ColumnRow): ColumnDefault | undefined {
  if (kind === null) return undefined;
  return kind === "null" ? { kind } : { kind, text: text ?? "" };
}
