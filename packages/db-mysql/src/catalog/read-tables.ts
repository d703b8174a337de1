import type { Executor, ForeignKeySpec, Statement, TableSpec } from "@mortise/sql";
import { sql } from "kysely";
import { type ColumnRow, columnKey, columnSpec, readColumns, readJsonColumns } from "./columns.ts";
import { readForeignKeys } from "./foreign-keys.ts";
import { type IndexRow, indexesOf, primaryKeyOf, readIndexes } from "./indexes.ts";

/** Neither views nor sequences; MariaDB gives tables that keep their history a kind of their own. */
export const isTable: Statement = sql`table_type in ('BASE TABLE', 'SYSTEM VERSIONED')`;

interface TableRow {
  readonly name: string;
  readonly comment: string;
  readonly version: string;
  /** Null where the engine is transactional. */
  readonly engine: string | null;
}

/** Everything of one table, for the reader of one. */
interface Parts {
  readonly columns: readonly ColumnRow[];
  readonly indexes: readonly IndexRow[];
  readonly foreignKeys: readonly ForeignKeySpec[];
}

/**
 * The tables of a schema as they were declared; without `names` all that are no hidden ones. Four statements, however
 * many tables; a fifth on MariaDB where a longtext may be json.
 */
export async function readTables(
  executor: Executor,
  schema: string,
  names: readonly string[] | undefined,
): Promise<readonly TableSpec[]> {
  if (names?.length === 0) return [];
  const wanted =
    names === undefined ? sql` and table_name not like '~%'` : sql` and table_name in (${sql.join(names)})`;
  const found = await executor.execute<TableRow>(sql`
    select table_name as name, table_comment as ${sql.id("comment")}, version() as version,
      (select e.engine from information_schema.engines e where e.engine = tables.engine and e.transactions = 'NO') as engine
    from information_schema.tables where table_schema = ${schema} and ${isTable}${wanted}`);
  // The catalog may compare names without regard to case.
  const tables = found.rows.filter(({ name }) => names?.includes(name) ?? true).toSorted(byName);
  if (tables.length === 0) return [];
  const columns = await readColumns(executor, schema, wanted);
  const indexes = Map.groupBy(await readIndexes(executor, schema, wanted), ({ table }) => table);
  const edges = Map.groupBy(
    await readForeignKeys(executor, sql`k.table_schema = ${schema}${wanted}`),
    (edge) => edge.child.table,
  );
  const isMariaDb = tables[0]?.version.includes("MariaDB") ?? false;
  const mayBeJson = isMariaDb && columns.some(({ type }) => type === "longtext");
  const json = mayBeJson ? await readJsonColumns(executor, schema) : new Set<string>();
  const columnsOf = Map.groupBy(columns, ({ table }) => table);
  return tables.map(({ name, comment, engine }) => {
    const foreignKeys = (edges.get(name) ?? []).map(
      (edge): ForeignKeySpec => ({
        columns: edge.columns.map(([child]) => child),
        parent: edge.parent,
        parentColumns: edge.columns.map(([, parent]) => parent),
      }),
    );
    const parts = { columns: columnsOf.get(name) ?? [], indexes: indexes.get(name) ?? [], foreignKeys };
    const noRollback = engine === null ? {} : { noRollback: engine };
    return { schema, name, comment, ...assemble(parts, isMariaDb, json), ...noRollback };
  });
}

function byName(a: TableRow, b: TableRow): number {
  return a.name < b.name ? -1 : 1;
}

function assemble(
  { columns, indexes, foreignKeys }: Parts,
  isMariaDb: boolean,
  json: ReadonlySet<string>,
): Pick<TableSpec, "columns" | "primaryKey" | "foreignKeys" | "indexes"> {
  const referring = new Set(foreignKeys.flatMap((key) => key.columns));
  return {
    columns: columns.map((row) =>
      columnSpec(row, {
        isMariaDb,
        isReferring: referring.has(row.name),
        isJson: json.has(columnKey(row.table, row.name)),
      }),
    ),
    primaryKey: primaryKeyOf(indexes),
    foreignKeys,
    indexes: indexesOf(indexes, foreignKeys),
  };
}
