import { type ColumnDefault, type ColumnType, nativeFamily } from "@mortise/sql";
import { reader } from "../dialect/values.ts";
import { withoutEscapes } from "./expression.ts";

/** What the catalog says of a column's default. */
export interface StoredDefault {
  /** Null for none, on MariaDB `NULL` for NULL. */
  readonly text: string | null;
  /** MySQL: an expression, not a value. MariaDB tells them apart by quotes. */
  readonly isExpression: boolean;
  readonly isMariaDb: boolean;
}

/** A column's default; undefined for none. `DEFAULT NULL` and none are one thing to the servers. */
export function storedDefault(type: ColumnType, stored: StoredDefault): ColumnDefault | undefined {
  const { text } = stored;
  if (text === null) return undefined;
  if (stored.isMariaDb) return mariaDefault(type, text);
  if (stored.isExpression) return expression(type, withoutEscapes(text));
  // `0x6162` and `b'101'`, which may be cut at a zero byte; whoever inserts leaves them to the server.
  return isBinary(type) ? { kind: "sql", text } : { kind: "literal", text };
}

function mariaDefault(type: ColumnType, text: string): ColumnDefault | undefined {
  if (text === "NULL") return undefined;
  const quoted = /^'(.*)'$/s.exec(text)?.[1];
  if (quoted !== undefined && isOneLiteral(quoted)) {
    return isBinary(type) ? { kind: "sql", text } : { kind: "literal", text: unescape(quoted) };
  }
  return /^-?[\d.]+(?:e[+-]?\d+)?$/i.test(text) ? { kind: "literal", text } : expression(type, text);
}

function isOneLiteral(inner: string): boolean {
  return !inner.replaceAll("''", "").replaceAll(/\\./gs, "").includes("'");
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", "0": "\0", b: "\b", Z: "\x1a" };

function unescape(inner: string): string {
  return inner.replaceAll(/''|\\(.)/gs, (_, escaped: string | undefined) =>
    escaped === undefined ? "'" : (escapes[escaped] ?? escaped),
  );
}

function expression(type: ColumnType, text: string): ColumnDefault {
  const now = /^current_timestamp(?:\((\d*)\))?$/i.exec(text);
  if (now !== null) return { kind: "sql", text: `CURRENT_TIMESTAMP${now[1] ? `(${now[1]})` : ""}` };
  // Our own way to write bytes that the catalog keeps.
  const hex = /^unhex\((?:_\w+)?'([0-9a-f]+)'\)$/i.exec(text)?.[1];
  if (hex !== undefined && type.kind === "core" && type.name === "uuid") {
    return { kind: "literal", text: String(reader(type)(Buffer.from(hex, "hex"))) };
  }
  return { kind: "sql", text };
}

function isBinary(type: ColumnType): boolean {
  if (type.kind === "native") return nativeFamily(type) === "bytes" || type.name === "bit";
  return type.name === "uuid" || type.name === "bytes";
}
