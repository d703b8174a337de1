import { QueryError } from "@mortise/core";
import { type InsertRequest, quoteName, useDefault } from "@mortise/sql";
import type { SqliteConnection } from "../connection/connection.ts";
import type { BoundValue } from "../connection/parameters.ts";
import { conflictingColumns, isForeignKeyConflict, translate } from "../errors.ts";
import { fullName } from "./names.ts";

/** Characters of a value that a message shows. */
const maxShown = 60;

interface ForeignKeyRow {
  readonly id: number;
  readonly table: string;
  readonly from: string;
  readonly to: string | null;
}

interface RefusedRow {
  readonly request: InsertRequest;
  /** By column of the request. */
  readonly cells: readonly unknown[];
}

/**
 * SQLite's error about one row of an INSERT, with what only the row can tell: which values are taken, and which parent
 * is missing. SQLite itself says neither. Any other error is returned as it is.
 */
export function explainRefusal(error: unknown, connection: SqliteConnection, refused: RefusedRow): unknown {
  if (isForeignKeyConflict(error)) return missingParent(error, connection, refused) ?? error;
  const columns = conflictingColumns(error);
  const values = columns.map((column) => valueOf(refused, column));
  if (columns.length === 0 || values.includes(undefined)) return error;
  const plain = translate(error) as QueryError;
  return new QueryError("duplicate", `${plain.message}: ${values.map(show).join(", ")}`, { cause: error });
}

/** Undefined where every parent is there as far as the row tells: a default may be what leads nowhere. */
function missingParent(error: unknown, connection: SqliteConnection, refused: RefusedRow): QueryError | undefined {
  const { schema, table } = refused.request;
  const name = fullName(schema, table);
  const text = `PRAGMA foreign_key_list(${quoteName(name)})`;
  const rows = connection.executeNow({ text, values: [] }).rows as unknown as readonly ForeignKeyRow[];
  for (const columns of Map.groupBy(rows, (row) => row.id).values()) {
    const values = columns.map(({ from }) => valueOf(refused, from));
    const parent = columns[0]?.table ?? "";
    const names = columns.map(({ from, to }) => to ?? from);
    if (values.some((value) => value === undefined || value === null)) continue;
    if (exists(connection, parent, names, values as readonly BoundValue[])) continue;
    const wanted = names.map((column, position) => `${column} = ${show(values[position])}`).join(", ");
    return new QueryError("integrity", `${name}: ${parent} has no row with ${wanted}`, {
      cause: error,
      hint: `insert the row of ${parent} first, or correct ${columns.map(({ from }) => from).join(", ")}`,
    });
  }
  return undefined;
}

function exists(
  connection: SqliteConnection,
  table: string,
  columns: readonly string[],
  values: readonly BoundValue[],
): boolean {
  const conditions = columns.map((column) => `${quoteName(column)} = ?`).join(" AND ");
  const text = `SELECT 1 AS found FROM ${quoteName(table)} WHERE ${conditions} LIMIT 1`;
  return connection.executeNow({ text, values }).rows.length > 0;
}

/** Undefined where the database fills the column. */
function valueOf({ request, cells }: RefusedRow, column: string): unknown {
  const cell = cells[request.columns.indexOf(column)];
  return cell === useDefault ? undefined : cell;
}

function show(value: unknown): string {
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`;
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.length > maxShown ? `${value.slice(0, maxShown)}…` : value);
}
