import { QueryError } from "@mortise/core";
import type { InsertRequest, Statement } from "@mortise/sql";
import { readyStatement } from "@mortise/sql/driver";
import { insertHead, valuesTexts } from "./insert-values.ts";
import { quoteNames, quoteTable } from "./names.ts";

/** Characters per piece: enough for few writes, little enough to stay in the processor's cache. */
const pieceLength = 64 * 1024;

/**
 * Rows as `COPY … FROM STDIN`. It takes any number of values, reads every type from its text without being told it, and
 * fails with the same errors as INSERT. Where a table refuses it (row-level security), the
 * driver inserts by `otherwise`.
 */
export function copyStatement(request: InsertRequest): Statement {
  const { schema, table, columns, rows } = request;
  const copy = {
    text: `COPY ${quoteTable(schema, table)} (${quoteNames(columns)}) FROM STDIN`,
    data: () => copyData(table, rows),
    otherwise: () => valuesTexts(request),
  };
  return readyStatement(insertHead(request), [], { undoable: true, copy });
}

/** COPY's text format (https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS). */
export function* copyData(table: string, rows: InsertRequest["rows"]): Generator<string, void, undefined> {
  let piece = "";
  for (const row of rows) {
    let separator = "";
    for (const cell of row) {
      piece += separator;
      piece +=
        typeof cell === "number"
          ? numberText(cell)
          : typeof cell === "string"
            ? textOf(cell, table)
            : other(cell, table);
      separator = "\t";
    }
    piece += "\n";
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

function numberText(value: number): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

const special = /[\\\n\r\t]/;
const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function textOf(value: string, table: string): string {
  // It would be sent as U+FFFD.
  if (!value.isWellFormed()) throw unbindable("text with half a surrogate pair", table);
  return special.test(value) ? value.replaceAll(/[\\\n\r\t]/g, (character) => escapes[character] ?? "") : value;
}

function other(cell: unknown, table: string): string {
  if (cell === null) return "\\N";
  if (cell instanceof Uint8Array) {
    return `\\\\x${Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength).toString("hex")}`;
  }
  if (typeof cell === "bigint" || typeof cell === "boolean") return String(cell);
  throw unbindable(cell === undefined ? "undefined" : Object.prototype.toString.call(cell), table);
}

function unbindable(what: string, table: string): QueryError {
  return new QueryError("invalid-query", `a value for ${table} can't be stored: ${what}`, {
    hint: "rows must have passed acceptValue and toDatabase",
  });
}
