import { type ColumnSpec, type Executor, parseComment, type Statement } from "@mortise/sql";
import { sql } from "kysely";
import { storedDefault } from "./stored-default.ts";
import { storedType } from "./stored-type.ts";

/** A column as the catalog has it. */
export interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly nullable: string;
  readonly default: string | null;
  /** `auto_increment`, `DEFAULT_GENERATED`, `STORED GENERATED`. */
  readonly extra: string;
  readonly generation: string | null;
  readonly comment: string;
}

/** What a column is beside its own row. */
export interface ColumnFacts {
  readonly isMariaDb: boolean;
  /** A foreign key fills it. */
  readonly isReferring: boolean;
  readonly isJson: boolean;
}

/** The columns of a schema's tables, in their order. */
export async function readColumns(
  executor: Executor,
  schema: string,
  wanted: Statement,
): Promise<readonly ColumnRow[]> {
  const { rows } = await executor.execute<ColumnRow>(sql`
    select table_name as ${sql.id("table")}, column_name as ${sql.id("name")}, column_type as ${sql.id("type")},
      is_nullable as nullable, column_default as ${sql.id("default")}, extra as extra,
      generation_expression as generation, column_comment as ${sql.id("comment")}
    from information_schema.columns where table_schema = ${schema}${wanted}
    order by table_name, ordinal_position`);
  return rows;
}

/** Columns of MariaDB that hold JSON by a check that the server makes for them (`json` is an alias there). */
export async function readJsonColumns(executor: Executor, schema: string): Promise<ReadonlySet<string>> {
  const { rows } = await executor.execute<{ table: string; check: string }>(sql`
    select table_name as ${sql.id("table")}, check_clause as ${sql.id("check")}
    from information_schema.check_constraints where constraint_schema = ${schema}`);
  const found = new Set<string>();
  for (const { table, check } of rows) {
    const column = /^json_valid\(`(.+)`\)$/i.exec(check)?.[1];
    if (column !== undefined) found.add(columnKey(table, column));
  }
  return found;
}

/** Tells columns of equal name in different tables apart. */
export function columnKey(table: string, column: string): string {
  return `${table}\0${column}`;
}

/** A column as it was declared. */
export function columnSpec(row: ColumnRow, { isMariaDb, isReferring, isJson }: ColumnFacts): ColumnSpec {
  const { marker, comment } = parseComment(row.comment, "plain");
  const extra = row.extra.toLowerCase();
  const type = storedType(marker, { type: row.type, isAutoIncrement: extra.includes("auto_increment"), isJson });
  const nullable = row.nullable === "YES";
  // Such a column may not be given: its expression stands for the default that everybody leaves to the server.
  const isGenerated = /\b(?:stored|virtual|persistent) generated\b/.test(extra);
  const value = isGenerated
    ? { kind: "sql" as const, text: row.generation ?? "" }
    : storedDefault(type, { text: row.default, isExpression: extra.includes("default_generated"), isMariaDb });
  // Attributes are nullable by their default, columns of foreign keys by an option of the key.
  const none = nullable && !isReferring ? ({ kind: "null" } as const) : undefined;
  return { name: row.name, type, marker, comment, nullable, default: value ?? none };
}
