import { QueryError } from "@mortise/core";
import { type InsertRequest, useDefault } from "@mortise/sql";
import { MysqlServerError } from "../errors.ts";
import { otherKeyConflict, skipsByError } from "./duplicate-clause.ts";

/** The server's numbers. */
const duplicateEntry = 1062;
const missingParent = 1452;

/** Characters of a value that a message shows. */
const maxShown = 60;

interface ServerError extends Error {
  readonly errno?: number;
}

/**
 * What the server's error about an INSERT means: a count where it is none, a fuller error where the statement is about
 * one row and so its values are known, undefined where the error says all there is.
 */
export function refusal(error: unknown, request: InsertRequest): number | QueryError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { errno } = error as ServerError;
  const table = `${request.schema}.${request.table}`;
  if (errno === otherKeyConflict && request.onDuplicate !== undefined && request.onDuplicate !== "error") {
    return new QueryError("duplicate", `${table} already has a row with the same values in a unique index`, {
      cause: new MysqlServerError(error),
      hint: `only rows with the same ${request.primaryKey.join(", ")} are skipped or replaced`,
    });
  }
  const [row, second] = request.rows;
  if (row === undefined || second !== undefined) return undefined;
  if (errno === duplicateEntry && isPrimaryKey(error.message)) {
    return skipsByError(request, 1) ? 0 : takenKey(error, request, row);
  }
  return errno === missingParent ? withoutParent(error, request, row) : undefined;
}

/** `… for key 'lab.visit.PRIMARY'`, on MariaDB `'PRIMARY'`. The value before it may be any text, so the end decides. */
function isPrimaryKey(message: string): boolean {
  const key = message.slice(message.lastIndexOf(" for key '") + " for key '".length, -1);
  return key === "PRIMARY" || key.endsWith(".PRIMARY");
}

function takenKey(error: Error, request: InsertRequest, row: readonly unknown[]): QueryError {
  const table = `${request.schema}.${request.table}`;
  const cause = new MysqlServerError(error);
  if (request.primaryKey.join() === "_singleton") {
    return new QueryError("duplicate", `${table} has its one row already`, {
      cause,
      hint: "a table without a key holds a single row: change it with updateOne, or delete it first",
    });
  }
  const values = request.primaryKey.map((column) => show(valueOf(request, row, column)));
  const columns = request.primaryKey.join(", ");
  return new QueryError("duplicate", `${table} already has a row with the same ${columns}: ${values.join(", ")}`, {
    cause,
  });
}

/** ``… FOREIGN KEY (`id`) REFERENCES `subject` (`subject_id`) …``; a parent of another schema is `` `lab2`.`subject` ``. */
const reference = /FOREIGN KEY \(([^()]*)\) REFERENCES ((?:`[^`]+`\.)?`[^`]+`) \(([^()]*)\)/;

function withoutParent(error: Error, request: InsertRequest, row: readonly unknown[]): QueryError | undefined {
  const match = reference.exec(error.message);
  const [, own = "", parent = "", theirs = ""] = match ?? [];
  const columns = namesIn(own);
  const names = namesIn(parent);
  const target = names.length === 1 ? `${request.schema}.${names[0]}` : names.join(".");
  const wanted = namesIn(theirs).map((name, index) => `${name} = ${show(valueOf(request, row, columns[index] ?? ""))}`);
  if (wanted.length === 0) return undefined;
  return new QueryError(
    "integrity",
    `${request.schema}.${request.table}: ${target} has no row with ${wanted.join(", ")}`,
    {
      cause: new MysqlServerError(error),
      hint: `insert the row of ${target} first, or correct ${columns.join(", ")}`,
    },
  );
}

function namesIn(list: string): readonly string[] {
  return [...list.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
}

function valueOf({ columns }: InsertRequest, row: readonly unknown[], column: string): unknown {
  return row[columns.indexOf(column)];
}

function show(value: unknown): string {
  if (value === useDefault || value === undefined) return "its default";
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`;
  if (typeof value === "string")
    return JSON.stringify(value.length > maxShown ? `${value.slice(0, maxShown)}…` : value);
  return `${value as number | bigint}`;
}
