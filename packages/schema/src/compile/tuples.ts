import type { Statement } from "@mortise/sql";
import { sql } from "kysely";
import type { Condition } from "../query/node.ts";
import { type Block, findColumn, isOpaque, type QueryColumn } from "./block.ts";
import type { Environment } from "./environment.ts";
import { isScalar, toBound } from "./values.ts";

/** A list of keys: the same columns in every member, one value each. */
export interface Tuples {
  readonly columns: readonly QueryColumn[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Reads `[{ a: 1, b: 2 }, { a: 3, b: 4 }]` as a list of tuples; undefined for anything less regular. */
export function uniformTuples(members: readonly Condition[], block: Block): Tuples | undefined {
  const [first] = members;
  if (members.length < 2 || first?.kind !== "match" || first.forgiving || first.entries.length === 0) return undefined;
  const columns: QueryColumn[] = [];
  for (const [name] of first.entries) {
    const column = findColumn(block, name);
    if (column === undefined || isOpaque(column.attribute)) return undefined;
    columns.push(column);
  }
  const rows: (readonly unknown[])[] = [];
  for (const member of members) {
    if (member.kind !== "match" || member.forgiving || member.entries.length !== columns.length) return undefined;
    const row = new Map(member.entries);
    if (!first.entries.every(([name]) => row.has(name))) return undefined;
    const values = first.entries.map(([name]) => row.get(name));
    if (!values.every((value) => value !== null && isScalar(value))) return undefined;
    rows.push(values);
  }
  return { columns, rows };
}

/** `(a, b) IN (…)`: an index serves it, which a chain of OR prevents. */
export function compileTuples({ columns, rows }: Tuples, negated: boolean, env: Environment): Statement {
  const operator = sql.raw(negated ? " NOT IN " : " IN ");
  const [only] = columns;
  if (columns.length === 1 && only !== undefined)
    return sql`${only.expression}${operator}(${sql.join(rows.map((row) => toBound(only.attribute, row[0], env)))})`;
  const left = sql.join(columns.map((column) => column.expression));
  const right = rows.map(
    (row) => sql`(${sql.join(columns.map((column, index) => toBound(column.attribute, row[index], env)))})`,
  );
  return sql`(${left})${operator}(${rowList(right, env)})`;
}

/** SQLite takes a list of rows only as VALUES, the others only without. */
export function rowList(rows: readonly Statement[], env: Pick<Environment, "dialect">): Statement {
  return env.dialect.backend === "sqlite" ? sql`VALUES ${sql.join(rows)}` : sql.join(rows);
}
