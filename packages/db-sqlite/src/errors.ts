/**
 * What SQLite's errors mean to a user. The primary result code is the low byte of `errcode`; the extended one says
 * which constraint it was (https://sqlite.org/rescode.html).
 *
 * | SQLite | code |
 * |---|---|
 * | UNIQUE, PRIMARY KEY | `duplicate` |
 * | FOREIGN KEY, RESTRICT | `integrity` |
 * | NOT NULL | `missing-attribute` |
 * | CHECK, datatype | `out-of-range` |
 * | BUSY, LOCKED | `busy` |
 * | no such table | `missing-table` |
 * | no such column | `unknown-attribute` |
 * | other parse errors | `syntax` |
 * | READONLY, PERM, AUTH | `access` |
 * | the rest | `database` |
 */
import { isMortiseError, QueryError } from "@mortise/core";

interface SqliteError extends Error {
  readonly errcode: number;
}

/** Primary result codes that matter here. */
const code = {
  error: 1,
  perm: 3,
  busy: 5,
  locked: 6,
  readonly: 8,
  ioerr: 10,
  corrupt: 11,
  full: 13,
  cantopen: 14,
  toobig: 18,
  constraint: 19,
  auth: 23,
  notadb: 26,
} as const;

/** Extended codes of `SQLITE_CONSTRAINT`. */
const constraint = {
  check: 275,
  foreignKey: 787,
  notNull: 1299,
  primaryKey: 1555,
  unique: 2067,
  /** How SQLite reports ON DELETE RESTRICT, among others. */
  trigger: 1811,
  rowid: 2579,
  datatype: 3091,
} as const;

const hints: Readonly<Record<number, string>> = {
  [code.ioerr]: "the disk or network drive reported an error; SQLite needs a local disk",
  [code.corrupt]: "the file is damaged: stop writing, copy it, and restore a backup or try `sqlite3 file .recover`",
  [code.full]: "the disk is full, and the transaction was rolled back: make room and run it again",
  [code.cantopen]: "check that the directory exists and may be written, because the -wal and -shm files lie beside it",
  [code.notadb]: "the file is not an SQLite database; name another one",
  [code.readonly]: "the file, its directory or this session is read-only",
};

function isSqliteError(error: unknown): error is SqliteError {
  return error instanceof Error && typeof (error as Partial<SqliteError>).errcode === "number";
}

function primaryCode(error: unknown): number | undefined {
  return isSqliteError(error) ? error.errcode & 0xff : undefined;
}

/** Another connection holds the lock: the same statement may succeed a little later. */
export function isBusy(error: unknown): boolean {
  const primary = primaryCode(error);
  return primary === code.busy || primary === code.locked;
}

/** A write was sent to a connection that may only read. */
export function isReadOnly(error: unknown): boolean {
  return primaryCode(error) === code.readonly;
}

/** A row with this primary key is already there, as opposed to any other unique index. */
export function isPrimaryKeyConflict(error: unknown): boolean {
  return isSqliteError(error) && error.errcode === constraint.primaryKey;
}

/** A row refers to one that is not there, or is still referred to. */
export function isForeignKeyConflict(error: unknown): boolean {
  return isSqliteError(error) && error.errcode === constraint.foreignKey;
}

/** The columns of the key or unique index that a row of the same values already has; none for any other error. */
export function conflictingColumns(error: unknown): readonly string[] {
  if (!isSqliteError(error)) return [];
  if (error.errcode !== constraint.unique && error.errcode !== constraint.primaryKey) return [];
  const { columns } = splitColumns(detailOf(error));
  return columns;
}

/** The file cannot be a database of ours: it is something else, or cannot be opened. */
export function isUnusableFile(error: unknown): boolean {
  const primary = primaryCode(error);
  return primary === code.notadb || primary === code.cantopen || primary === code.readonly || primary === code.corrupt;
}

/** What to do about an error of opening or reading, if something is known. */
export function hintFor(error: unknown): string | undefined {
  return hints[primaryCode(error) ?? -1];
}

/** The driver's error as Mortise reports it; errors of Mortise pass unchanged. */
export function translate(error: unknown): unknown {
  if (isMortiseError(error)) return error;
  if (!isSqliteError(error)) return translateNode(error);
  const { message } = error;
  switch (error.errcode & 0xff) {
    case code.constraint:
      return constraintError(error);
    case code.busy:
    case code.locked:
      return new QueryError("busy", `another connection holds the write lock: ${message}`, { cause: error });
    case code.readonly:
    case code.perm:
    case code.auth:
      return new QueryError("access", `the database refused to write: ${message}`, {
        cause: error,
        hint: hintFor(error),
      });
    case code.error:
      return statementError(error);
    default:
      return new QueryError("database", `SQLite: ${message}`, { cause: error, hint: hintFor(error) });
  }
}

/** Errors that node:sqlite raises itself, before or after SQLite has its say. */
function translateNode(error: unknown): unknown {
  const nodeCode = (error as { code?: unknown } | null)?.code;
  if (nodeCode === "ERR_OUT_OF_RANGE") {
    return new QueryError("out-of-range", `an integer beyond 2^53 was read: ${(error as Error).message}`, {
      cause: error,
      hint: "run the statement with { bigints: true }",
    });
  }
  if (nodeCode === "ERR_INVALID_STATE") {
    return new QueryError("connection-lost", "the database was closed while it was used", { cause: error });
  }
  return error;
}

function statementError(error: SqliteError): QueryError {
  const { message } = error;
  const table = /^no such table: (.*)$/.exec(message)?.[1];
  if (table !== undefined) {
    return new QueryError("missing-table", `there is no table ${table}`, { cause: error, hint: "declare it first" });
  }
  const column =
    /^no such column: (.*)$/.exec(message)?.[1] ?? /^table .* has no column named (.*)$/.exec(message)?.[1];
  if (column !== undefined)
    return new QueryError("unknown-attribute", `there is no column ${column}`, { cause: error });
  if (message.endsWith("already exists")) return new QueryError("table-exists", message, { cause: error });
  return new QueryError("syntax", `SQLite can't read the statement: ${message}`, { cause: error });
}

/** What SQLite says after `UNIQUE constraint failed: `. */
function detailOf(error: SqliteError): string {
  return /failed: (.*)$/.exec(error.message)?.[1] ?? "";
}

function constraintError(error: SqliteError): QueryError {
  const detail = detailOf(error);
  switch (error.errcode) {
    case constraint.unique:
    case constraint.primaryKey:
    case constraint.rowid: {
      const { table, columns } = splitColumns(detail);
      if (columns.join() === "_singleton") {
        return new QueryError("duplicate", `${table} has its one row already`, {
          cause: error,
          hint: "a table without a key holds a single row: change it with updateOne, or delete it first",
        });
      }
      const what = columns.join(", ") || "value of a unique index";
      return new QueryError("duplicate", `${table} already has a row with the same ${what}`, { cause: error });
    }
    case constraint.foreignKey:
    case constraint.trigger:
      return new QueryError("integrity", "a foreign key was violated", {
        cause: error,
        hint: "the row refers to one that does not exist, or other rows still refer to it",
      });
    case constraint.notNull: {
      const { table, columns } = splitColumns(detail);
      return new QueryError("missing-attribute", `${table} needs a value for ${columns.join(", ")}`, { cause: error });
    }
    case constraint.check:
      return new QueryError("out-of-range", `a value was refused, which must be ${detail}`, { cause: error });
    case constraint.datatype:
      return new QueryError("out-of-range", `a value of another type was refused: ${error.message}`, { cause: error });
    default:
      return new QueryError("database", `SQLite: ${error.message}`, { cause: error });
  }
}

/** `lab.visit.buddy, lab.visit.rig`: the last dot of each ends the table's name. */
function splitColumns(detail: string): { readonly table: string; readonly columns: readonly string[] } {
  // An index on expressions is reported by its name, `index 'lab.visit.index_1'`.
  const index = /^index '(.*)\.[^.]*'$/.exec(detail)?.[1];
  if (index !== undefined) return { table: index, columns: [] };
  const parts = detail.split(", ");
  const dot = parts[0]?.lastIndexOf(".") ?? -1;
  if (dot < 0) return { table: "the table", columns: [detail] };
  return {
    table: parts[0]?.slice(0, dot) ?? "",
    columns: parts.map((part) => part.slice(part.lastIndexOf(".") + 1)),
  };
}
