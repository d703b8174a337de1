import { QueryError } from "@mortise/core";

/** What `literal` writes. */
export type LiteralValue = null | boolean | number | bigint | string | Uint8Array;

/**
 * A value as SQL text, for statements of so many values that preparing them costs more than the rest (a multi-row
 * INSERT runs twice as fast). Nothing in it depends on the session: text with a backslash, which an SQL mode can make an
 * escape or not, is written in hexadecimal.
 */
export function literal(value: LiteralValue): string {
  switch (typeof value) {
    case "string":
      return textLiteral(value);
    case "number":
      if (Number.isFinite(value)) return numberLiteral(value);
      break;
    case "bigint":
      return value.toString();
    case "boolean":
      return value ? "1" : "0";
    default:
      if (value === null) return "NULL";
      if (value instanceof Uint8Array) return `x'${hex(value)}'`;
  }
  throw new QueryError("invalid-query", `a value can't be written as SQL: ${typeof value} ${String(value)}`, {
    hint: "rows must have passed acceptValue and toDatabase",
  });
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}

function textLiteral(text: string): string {
  if (!text.isWellFormed()) throw new QueryError("invalid-query", "a lone surrogate can't be stored as text");
  if (text.includes("\\")) return `_utf8mb4 x'${Buffer.from(text, "utf8").toString("hex")}'`;
  return text.includes("'") ? `'${text.replaceAll("'", "''")}'` : `'${text}'`;
}

/** An exponent makes it a double, so that no digits are lost on the way to one; -0 keeps its sign only as one. */
function numberLiteral(value: number): string {
  if (Object.is(value, -0)) return "-0e0";
  const text = String(value);
  return Number.isSafeInteger(value) || text.includes("e") ? text : `${text}e0`;
}
