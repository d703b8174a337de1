import { QueryError } from "@mortise/core";
import { type InsertRequest, type Statement, useDefault } from "@mortise/sql";
import { readyStatement } from "@mortise/sql/driver";
import { quote, quoteNames, quoteTable } from "./names.ts";

/** The wire protocol counts bound values in 16 bits. */
export const maxParameters = 65_535;

/** Rows as `INSERT` statements, usually one. */
export function insert(request: InsertRequest): readonly Statement[] {
  if (request.rows.some((row) => row.length !== request.columns.length)) {
    throw new QueryError("invalid-query", `a row for ${request.table} has not ${request.columns.length} values`);
  }
  if (request.columns.length === 0) return request.rows.map(() => readyStatement(defaultsText(request), []));
  return rounds(request).flatMap((rows) => statements(request, rows));
}

function statements(request: InsertRequest, rows: InsertRequest["rows"]): readonly Statement[] {
  const perStatement = Math.max(1, Math.floor(maxParameters / request.columns.length));
  const found: Statement[] = [];
  for (let start = 0; start < rows.length; start += perStatement) {
    found.push(valuesStatement(request, rows.slice(start, start + perStatement)));
  }
  return found;
}

function valuesStatement(request: InsertRequest, rows: InsertRequest["rows"]): Statement {
  const values: unknown[] = [];
  const tuples = rows.map((row) => {
    const cells = row.map((cell) => (cell === useDefault ? "DEFAULT" : `$${values.push(cell)}`));
    return `(${cells.join(", ")})`;
  });
  const head = `INSERT INTO ${quoteTable(request.schema, request.table)} (${quoteNames(request.columns)})`;
  return readyStatement(`${head} VALUES ${tuples.join(", ")}${conflictClause(request)}`, values);
}

function defaultsText(request: InsertRequest): string {
  return `INSERT INTO ${quoteTable(request.schema, request.table)} DEFAULT VALUES${conflictClause(request)}`;
}

/**
 * Only conflicts of the primary key: a second row with the same unique index is always an error. A cell that takes its
 * default replaces like any other: in `excluded` stands the default.
 */
function conflictClause({ onDuplicate, primaryKey, columns }: InsertRequest): string {
  if (onDuplicate === undefined || onDuplicate === "error") return "";
  const target = ` ON CONFLICT (${quoteNames(primaryKey)}) DO`;
  const rest = columns.filter((column) => !primaryKey.includes(column));
  if (onDuplicate === "skip" || rest.length === 0) return `${target} NOTHING`;
  return `${target} UPDATE SET ${rest.map((column) => `${quote(column)} = excluded.${quote(column)}`).join(", ")}`;
}

/**
 * The rows, in as many statements as a key occurs: PostgreSQL refuses to replace one row twice in a statement, where
 * the last of them is meant.
 */
function rounds({ onDuplicate, columns, primaryKey, rows }: InsertRequest): readonly InsertRequest["rows"][] {
  if (onDuplicate !== "replace") return [rows];
  const positions = primaryKey.map((column) => columns.indexOf(column));
  const seen = new Map<string, number>();
  const found: (readonly unknown[])[][] = [[]];
  for (const row of rows) {
    const key = JSON.stringify(positions.map((position) => keyPart(row[position])));
    const round = seen.get(key) ?? 0;
    seen.set(key, round + 1);
    (found[round] ??= []).push(row);
  }
  return found;
}

function keyPart(cell: unknown): unknown {
  if (typeof cell === "symbol" || cell === undefined) return null;
  return cell instanceof Uint8Array ? Buffer.from(cell).toString("hex") : String(cell);
}
