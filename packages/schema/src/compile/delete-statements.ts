import type { ColumnType, Dialect, Statement } from "@mortise/sql";
import { sql } from "kysely";
import type { Block } from "./block.ts";
import { fromAndWhere, whereClause } from "./select.ts";
import { rowList } from "./tuples.ts";
import { bindAs } from "./values.ts";

/** A table in the database. */
export interface TableName {
  readonly schema: string;
  readonly table: string;
}

/** A column of a key; without a type its values are bound as they are. */
export interface KeyColumn {
  readonly name: string;
  readonly type?: ColumnType | undefined;
}

/** One way down: rows of the step whose foreign key names a reached row of an earlier step. */
export interface CascadeEdge {
  /** Index of the parent's step. */
  readonly parent: number;
  /** Child column → parent column. */
  readonly columns: readonly (readonly [child: string, parent: string])[];
}

/** One table of a cascade, with every way in which rows above lead into it; a row goes if any of them does. */
export interface CascadeStep {
  readonly table: TableName;
  /** Empty for the seed. */
  readonly edges: readonly CascadeEdge[];
}

/** Rows of one table and everything that depends on them. */
export interface Cascade {
  /** The seed first, every parent before its children. */
  readonly steps: readonly CascadeStep[];
  readonly keyColumns: readonly KeyColumn[];
  /** Keys of the seed's rows with raw values, as the driver gave them; undefined: every row. */
  readonly keys: readonly (readonly unknown[])[] | undefined;
}

/** The keys of a block's rows, hidden columns included: a singleton's key is one. */
export function keyStatement(block: Block, columns: readonly KeyColumn[]): Statement {
  const key = columns.map(({ name }) => sql`${sql.id(block.alias ?? "", name)} AS ${sql.id(name)}`);
  return sql`SELECT ${sql.join(key)}${fromAndWhere(block)}`;
}

/** Keeps others from changing the rows of a seed until the transaction ends. */
export function lockStatement({ steps, keyColumns, keys = [] }: Cascade, dialect: Dialect): Statement {
  const { table } = stepAt(steps, 0);
  const rows = whereClause([hasKey(keyColumns, keys, dialect)]);
  return sql`SELECT 1 FROM ${dialect.table(table.schema, table.table)}${rows} FOR UPDATE`;
}

/** Removes what the cascade reaches in the table of one step. Runs from the last step to the first: parents are still there. */
export function deleteStatement(cascade: Cascade, target: number, dialect: Dialect): Statement {
  return sql`DELETE FROM ${reachedRows(cascade, target, dialect)}`;
}

/** The keys of the masters of what the cascade reaches in a part; `columns` maps the part's columns to the master's key. */
export function masterKeyStatement(
  cascade: Cascade,
  part: number,
  columns: readonly (readonly [child: string, parent: string])[],
  dialect: Dialect,
): Statement {
  const key = sql.join(columns.map(([child, parent]) => sql`${sql.id(child)} AS ${sql.id(parent)}`));
  const rows = reachedRows(cascade, part, dialect);
  return sql`SELECT DISTINCT ${key} FROM ${rows}`;
}

/** The table with the condition that leaves what the cascade reaches. `before` says the names that stand behind IN. */
function reachedRows(
  cascade: Cascade,
  index: number,
  dialect: Dialect,
  before: (parent: number) => Statement = (parent) => commonTables(cascade, parent, dialect),
): Statement {
  const { steps, keyColumns, keys } = cascade;
  const { table, edges } = stepAt(steps, index);
  const name = dialect.table(table.schema, table.table);
  if (index === 0) return keys === undefined ? name : sql`${name}${whereClause([hasKey(keyColumns, keys, dialect)])}`;
  const conditions = edges.map(({ parent, columns }) => {
    const own = sql.join(columns.map(([child]) => sql.id(child)));
    const theirs = sql.join(columns.map(([, column]) => sql.id(column)));
    const rows = sql`${before(parent)}SELECT ${theirs} FROM ${named(parent)}`;
    return sql`${columns.length === 1 ? own : sql`(${own})`} IN (${rows})`;
  });
  return sql`${name}${whereClause([sql.join(conditions, sql` OR `)])}`;
}

/**
 * `WITH c0 AS (…), …`: what the cascade reaches in a table and in each one above it. One named sub-query per table, so
 * that the statement grows with the number of tables and not with the number of paths between them. It stands inside
 * the condition, because MariaDB knows no WITH in front of DELETE.
 */
function commonTables(cascade: Cascade, last: number, dialect: Dialect): Statement {
  const tables = [...ancestors(cascade, last), last].map((index) => {
    const columns = sql.join(referenced(cascade, index).map((column) => sql.id(column)));
    return sql`${named(index)} AS (SELECT ${columns} FROM ${reachedRows(cascade, index, dialect, () => sql``)})`;
  });
  return sql`WITH ${sql.join(tables)} `;
}

/** Rows with one of these keys, in the database's own form. */
export function hasKey(
  columns: readonly KeyColumn[],
  keys: readonly (readonly unknown[])[],
  dialect: Dialect,
): Statement {
  const names = sql.join(columns.map(({ name }) => sql.id(name)));
  const rows = keys.map((key) => sql.join(key.map((value, index) => bindAs(columns[index]?.type, value, dialect))));
  if (columns.length === 1) return sql`${names} IN (${sql.join(rows)})`;
  const tuples = rows.map((row) => sql`(${row})`);
  return sql`(${names}) IN (${rowList(tuples, { dialect })})`;
}

/** Steps through which the target is reached, parents first. */
function ancestors({ steps }: Cascade, target: number): readonly number[] {
  const found = new Set<number>();
  const visit = (index: number): void => {
    for (const { parent } of stepAt(steps, index).edges) {
      if (found.has(parent)) continue;
      found.add(parent);
      visit(parent);
    }
  };
  visit(target);
  return [...found].sort((a, b) => a - b);
}

/** The columns of a step that foreign keys refer to. */
function referenced({ steps }: Cascade, index: number): readonly string[] {
  const edges = steps.flatMap((step) => step.edges).filter((edge) => edge.parent === index);
  return [...new Set(edges.flatMap((edge) => edge.columns.map(([, column]) => column)))];
}

function named(index: number): Statement {
  return sql.id(`c${index}`);
}

function stepAt(steps: readonly CascadeStep[], index: number): CascadeStep {
  const step = steps[index];
  if (step === undefined) throw new RangeError(`the cascade has no step ${index}`);
  return step;
}
