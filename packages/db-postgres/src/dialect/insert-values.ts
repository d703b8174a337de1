import { type InsertRequest, type Statement, useDefault } from "@mortise/sql";
import { readyStatement, type StatementText } from "@mortise/sql/driver";
import { quote, quoteNames, quoteTable } from "./names.ts";

/** The protocol counts bound values in 16 bits. */
export const maxParameters = 65_535;
/** One message of the protocol holds less than a gigabyte, and both ends keep all of it in memory. */
const maxStatementBytes = 32 * 1024 * 1024;

/** `INSERT INTO "lab"."visit" ("a", "b")`. */
export function insertHead({ schema, table, columns }: InsertRequest): string {
  return `INSERT INTO ${quoteTable(schema, table)} (${quoteNames(columns)})`;
}

/** One row of nothing but defaults: VALUES can't be empty. */
export function defaultsStatement(request: InsertRequest): Statement {
  const text = `INSERT INTO ${quoteTable(request.schema, request.table)} DEFAULT VALUES${conflictClause(request)}`;
  return readyStatement(text, [], { undoable: true });
}

/** `INSERT … VALUES` of as many rows at a time as a statement takes. */
export function valuesStatements(request: InsertRequest): readonly Statement[] {
  return valuesTexts(request).map(({ text, values }) => readyStatement(text, values, { undoable: true }));
}

/** The same as text and values. */
export function valuesTexts(request: InsertRequest): readonly StatementText[] {
  const head = insertHead(request);
  const tail = conflictClause(request);
  return partsOf(request.rows, Math.floor(maxParameters / request.columns.length)).map((rows) => {
    const values = rows.flat().filter((cell) => cell !== useDefault);
    return { text: `${head} VALUES ${placeholders(rows, values.length)}${tail}`, values };
  });
}

/** The rows in parts for one message each, at least one row in each. */
export function partsOf(rows: InsertRequest["rows"], maxRows: number): readonly InsertRequest["rows"][] {
  const found: InsertRequest["rows"][] = [];
  let start = 0;
  let bytes = 0;
  for (const [index, row] of rows.entries()) {
    const size = sizeOf(row);
    if (index > start && (index - start >= maxRows || bytes + size > maxStatementBytes)) {
      found.push(rows.slice(start, index));
      start = index;
      bytes = 0;
    }
    bytes += size;
  }
  if (start < rows.length) found.push(start === 0 ? rows : rows.slice(start));
  return found;
}

/** Only long cells count. */
function sizeOf(row: readonly unknown[]): number {
  let bytes = 0;
  for (const cell of row) {
    if (typeof cell === "string") bytes += cell.length;
    else if (cell instanceof Uint8Array) bytes += cell.byteLength;
  }
  return bytes;
}

/** `($1, $2), ($3, $4)` by their size: thousands of rows come in statements of one shape. */
const shapes = new Map<string, string>();
const maxShapes = 16;

function placeholders(rows: InsertRequest["rows"], count: number): string {
  const columns = rows[0]?.length ?? 0;
  const shape = `${rows.length}x${columns}`;
  const isPlain = count === rows.length * columns;
  const known = isPlain ? shapes.get(shape) : undefined;
  if (known !== undefined) return known;
  let next = 0;
  const tuples = rows.map(
    (row) => `(${row.map((cell) => (cell === useDefault ? "DEFAULT" : `$${++next}`)).join(", ")})`,
  );
  const text = tuples.join(", ");
  if (isPlain) {
    const [oldest] = shapes.keys();
    if (shapes.size >= maxShapes && oldest !== undefined) shapes.delete(oldest);
    shapes.set(shape, text);
  }
  return text;
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
