import { QueryError } from "@mortise/core";

/** A condition that can't be used; thrown before anything is sent. */
export function invalidRestriction(message: string, hint?: string): QueryError {
  return new QueryError("invalid-restriction", message, { hint });
}

/** Any other part of a query that can't be used. */
export function invalidQuery(message: string, hint?: string): QueryError {
  return new QueryError("invalid-query", message, { hint });
}

/** A table that others have made without a key. */
export function noKey(className: string): QueryError {
  return invalidQuery(
    `${className} has no primary key: its rows can't be told apart`,
    "change it with SQL of your own: schema.kysely()",
  );
}

/** A value in a message: short, on one line, strings quoted. Values may be large or private, so at most 60 characters. */
export function show(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return "a function";
  if (typeof value === "object") return value instanceof Date ? "a Date" : "an object";
  if (typeof value !== "string")
    return typeof value === "number" || typeof value === "boolean" ? `${value}` : typeof value;
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
