import type { Dialect, Statement } from "@mortise/sql";
import { sql } from "kysely";
import type { Block } from "./block.ts";
import { fromAndWhere, whereClause } from "./select.ts";
import { rowList } from "./tuples.ts";

/** A table in the database. */
export interface TableName {
  readonly schema: string;
  readonly table: string;
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
  readonly keyColumns: readonly string[];
  /** Keys of the seed's rows with raw values, as the driver gave them; undefined: every row. */
  readonly keys: readonly (readonly unknown[])[] | undefined;
}

/** The keys of a block's rows, hidden columns included: a singleton's key is one. */
export function keyStatement(block: Block, columns: readonly string[]): Statement {
  const key = columns.map((column) => sql`${sql.id(block.alias ?? "", column)} AS ${sql.id(column)}`);
  return sql`SELECT ${sql.join(key)}${fromAndWhere(block)}`;
}

/** Removes what the cascade reaches in the table of one step. Runs from the last step to the first: parents are still there. */
export function deleteStatement(cascade: Cascade, target: number, dialect: Dialect): Statement {
  return sql`${commonTables(cascade, target, dialect)}DELETE FROM ${reachedRows(cascade, target, dialect)}`;
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
  return sql`${commonTables(cascade, part, dialect)}SELECT DISTINCT ${key} FROM ${rows}`;
}

/**
 * `WITH c0 AS (…), …`: what the cascade reaches in each table above the target. One named sub-query per table, so that
 * the statement grows with the number of tables and not with the number of paths between them.
 */
function commonTables(cascade: Cascade, target: number, dialect: Dialect): Statement {
  const above = ancestors(cascade, target);
  if (above.length === 0) return sql``;
  const tables = above.map((index) => {
    const columns = sql.join(referenced(cascade, index).map((column) => sql.id(column)));
    return sql`${named(index)} AS (SELECT ${columns} FROM ${reachedRows(cascade, index, dialect)})`;
  });
  return sql`WITH ${sql.join(tables)} `;
}

/** The table with the condition that leaves what the cascade reaches. */
function reachedRows({ steps, keyColumns, keys }: Cascade, index: number, dialect: Dialect): Statement {
  const { table, edges } = stepAt(steps, index);
  const name = dialect.table(table.schema, table.table);
  if (index === 0) return keys === undefined ? name : sql`${name}${whereClause([hasKey(keyColumns, keys, dialect)])}`;
  const conditions = edges.map(({ parent, columns }) => {
    const own = sql.join(columns.map(([child]) => sql.id(child)));
    const theirs = sql.join(columns.map(([, column]) => sql.id(column)));
    return sql`${columns.length === 1 ? own : sql`(${own})`} IN (SELECT ${theirs} FROM ${named(parent)})`;
  });
  return sql`${name}${whereClause([sql.join(conditions, sql` OR `)])}`;
}

/** Rows with one of these keys, which are bound as they come: in the database's own form. */
export function hasKey(columns: readonly string[], keys: readonly (readonly unknown[])[], dialect: Dialect): Statement {
  const [only] = columns;
  if (columns.length === 1 && only !== undefined)
    return sql`${sql.id(only)} IN (${sql.join(keys.map(([value]) => sql`${value}`))})`;
  const rows = keys.map((key) => sql`(${sql.join(key.map((value) => sql`${value}`))})`);
  return sql`(${sql.join(columns.map((column) => sql.id(column)))}) IN (${rowList(rows, { dialect })})`;
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
