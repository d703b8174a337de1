import type { Executor, ForeignKeyEdge, Statement } from "@mortise/sql";
import { sql } from "kysely";

interface KeyColumnRow {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly column: string;
  readonly parent_schema: string;
  readonly parent_table: string;
  readonly parent_column: string;
}

/** Every foreign key whose parent lies in one of the schemas; one statement. */
export function readForeignKeysInto(
  executor: Executor,
  schemas: readonly string[],
): Promise<readonly ForeignKeyEdge[]> {
  if (schemas.length === 0) return Promise.resolve([]);
  return readForeignKeys(executor, sql`k.referenced_table_schema in (${sql.join(schemas)})`);
}

/** Foreign keys of the tables in one schema, in the order of their declaration as far as their names tell it. */
export async function readForeignKeys(executor: Executor, condition: Statement): Promise<readonly ForeignKeyEdge[]> {
  const { rows } = await executor.execute<KeyColumnRow>(sql`
    select k.table_schema as ${sql.id("schema")}, k.table_name as ${sql.id("table")}, k.constraint_name as ${sql.id("name")},
      k.column_name as ${sql.id("column")}, k.referenced_table_schema as parent_schema,
      k.referenced_table_name as parent_table, k.referenced_column_name as parent_column
    from information_schema.key_column_usage k
    where k.referenced_table_name is not null and ${condition}
    order by k.table_schema, k.table_name, k.constraint_name, k.ordinal_position`);
  const groups = [...Map.groupBy(rows, (row) => JSON.stringify([row.schema, row.table, row.name])).values()];
  return groups.toSorted(byPlaceAndName).map(edge);
}

/** The server numbers the keys that have no name of their own: `visit_ibfk_10` comes after `visit_ibfk_9`. */
function byPlaceAndName([a]: readonly KeyColumnRow[], [b]: readonly KeyColumnRow[]): number {
  if (a === undefined || b === undefined) return 0;
  return (
    compare(a.schema, b.schema) ||
    compare(a.table, b.table) ||
    numberOf(a.name) - numberOf(b.name) ||
    compare(a.name, b.name)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function numberOf(name: string): number {
  return Number(/_ibfk_(\d+)$/.exec(name)?.[1] ?? 0);
}

function edge(rows: readonly KeyColumnRow[]): ForeignKeyEdge {
  const [first] = rows;
  return {
    child: { schema: first?.schema ?? "", table: first?.table ?? "" },
    parent: { schema: first?.parent_schema ?? "", table: first?.parent_table ?? "" },
    columns: rows.map((row) => [row.column, row.parent_column] as const),
  };
}
