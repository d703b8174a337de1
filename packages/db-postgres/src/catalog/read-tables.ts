import type { Executor, ForeignKeySpec, Statement, TableSpec } from "@mortise/sql";
import { sql } from "kysely";
import { type ColumnJson, columnSpec } from "./column-spec.ts";
import { declaredForeignKey, type ForeignKeyJson, foreignKeyJson } from "./foreign-keys.ts";
import { declaredIndexes, type IndexJson } from "./indexes.ts";

/** Tables and partitioned tables of users: no views, no parts of a partitioned table, none that begin with `~`. */
export const userTable: Statement = sql`c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND NOT starts_with(c.relname::text, '~')`;

interface TableRow {
  readonly name: string;
  readonly comment: string | null;
  readonly columns: string;
  readonly primary_key: string | null;
  readonly foreign_keys: string | null;
  readonly indexes: string | null;
}

const columnsJson = sql`(SELECT json_agg(json_build_object(
    'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
    'labels', (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder)
      FROM pg_catalog.pg_enum e WHERE e.enumtypid = a.atttypid),
    'required', a.attnotnull, 'identity', a.attidentity <> '', 'generated', a.attgenerated <> '',
    'default', (SELECT pg_get_expr(d.adbin, d.adrelid)
      FROM pg_catalog.pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum),
    'comment', col_description(a.attrelid, a.attnum)) ORDER BY a.attnum)
  FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)`;

const primaryKeyJson = sql`(SELECT json_agg(a.attname ORDER BY k.position)
  FROM pg_catalog.pg_constraint p CROSS JOIN unnest(p.conkey) WITH ORDINALITY AS k (attnum, position)
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
  WHERE p.conrelid = c.oid AND p.contype = 'p')`;

const foreignKeysJson = sql`(SELECT json_agg(${foreignKeyJson} ORDER BY f.oid)
  FROM pg_catalog.pg_constraint f WHERE f.conrelid = c.oid AND ${declaredForeignKey})`;

/** Whole B-tree indexes only: the definition language knows no other. */
const indexesJson = sql`(SELECT json_agg(json_build_object(
    'name', x.relname, 'unique', i.indisunique,
    'items', (SELECT json_agg(coalesce(
        (SELECT json_build_object('column', a.attname)
          FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = k.attnum AND k.attnum > 0),
        json_build_object('expression', pg_get_indexdef(i.indexrelid, k.position::int, true))) ORDER BY k.position)
      FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (attnum, position) WHERE k.position <= i.indnkeyatts))
    ORDER BY i.indexrelid)
  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
  JOIN pg_catalog.pg_am m ON m.oid = x.relam
  WHERE i.indrelid = c.oid AND NOT i.indisprimary AND i.indisvalid AND i.indpred IS NULL AND m.amname = 'btree')`;

/**
 * The tables of a schema as they were declared; all of them without `names`. One statement for any number of tables, so
 * that they are all of one moment.
 */
export async function readTables(
  executor: Executor,
  schema: string,
  names: readonly string[] | undefined,
): Promise<readonly TableSpec[]> {
  if (names?.length === 0) return [];
  const wanted = names === undefined ? sql`` : sql` AND c.relname IN (${sql.join(names.map((name) => sql`${name}`))})`;
  const { rows } = await executor.execute<TableRow>(sql`
    SELECT c.relname AS name, obj_description(c.oid, 'pg_class') AS comment, ${columnsJson} AS columns,
      ${primaryKeyJson} AS primary_key, ${foreignKeysJson} AS foreign_keys, ${indexesJson} AS indexes
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ${schema} AND ${userTable}${wanted} ORDER BY c.relname`);
  return rows.map((row) => tableSpec(schema, row));
}

function tableSpec(schema: string, row: TableRow): TableSpec {
  const foreignKeys = (list(row.foreign_keys) as readonly ForeignKeyJson[]).map(foreignKeySpec);
  const references = new Set(foreignKeys.flatMap(({ columns }) => columns));
  return {
    schema,
    name: row.name,
    comment: row.comment ?? "",
    columns: (list(row.columns) as readonly ColumnJson[]).map((column) =>
      columnSpec(column, references.has(column.name)),
    ),
    primaryKey: list(row.primary_key) as readonly string[],
    foreignKeys,
    indexes: declaredIndexes(list(row.indexes) as readonly IndexJson[], foreignKeys),
  };
}

/** An aggregate over no rows is NULL. */
function list(json: string | null): unknown {
  return json === null ? [] : JSON.parse(json);
}

function foreignKeySpec({ schema, table, columns }: ForeignKeyJson): ForeignKeySpec {
  return {
    columns: columns.map(([child]) => child),
    parent: { schema, table },
    parentColumns: columns.map(([, parent]) => parent),
  };
}
