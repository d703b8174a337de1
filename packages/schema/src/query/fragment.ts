import type { SqlFragment } from "../types/index.ts";
import { invalidQuery, invalidRestriction, show } from "./errors.ts";

const fragmentBrand: unique symbol = Symbol.for("mortise.sql-fragment.v1");
const identifierBrand: unique symbol = Symbol.for("mortise.sql-identifier.v1");

/** What the `sql` tag holds: text, and between its pieces bound values, identifiers or further fragments. */
export interface FragmentText {
  readonly [fragmentBrand]: true;
  readonly strings: readonly string[];
  readonly values: readonly unknown[];
}

/** A name that is quoted, not bound: what `sql.id` makes. */
export interface Identifier {
  readonly [identifierBrand]: true;
  readonly name: string;
}

/** The `sql` tag: text stays as written, every `${value}` is bound. No value ever becomes part of the text. */
export interface SqlTag {
  <T = unknown>(strings: TemplateStringsArray, ...values: readonly unknown[]): SqlFragment<T>;
  /** An attribute of the query, quoted: for names that are SQL words or computed by a program. */
  id(name: string): Identifier;
}

/** A call with an ordinary string is refused: it could not be told where text ends and values begin. */
function tag<T>(strings: TemplateStringsArray, ...values: readonly unknown[]): SqlFragment<T> {
  if (!Array.isArray(strings) || !Array.isArray(strings.raw))
    throw invalidQuery(
      `sql is a template tag, called with ${show(strings)}`,
      "write sql`age > ${limit}`, which keeps text and values apart",
    );
  for (const [index, value] of values.entries()) checkValue(value, index, strings[index] ?? "");
  const fragment: FragmentText = { [fragmentBrand]: true, strings: [...strings], values };
  return fragment as unknown as SqlFragment<T>;
}

/** Types that every driver binds alike. Dates are not among them: columns have different numbers of digits. */
function checkValue(value: unknown, index: number, before: string): void {
  if (value === null || isFragment(value) || isIdentifier(value) || value instanceof Uint8Array) return;
  const type = typeof value;
  if (type === "string" || type === "bigint" || type === "boolean") return;
  if (type === "number" && !Number.isNaN(value)) return;
  const place = `value ${index + 1} of the sql fragment (after ${show(before.trim())})`;
  throw invalidRestriction(
    `${place} is ${show(value)}; it can be a string, number, bigint, boolean, null or bytes`,
    value instanceof Date
      ? "write a date as text with the column's digits, for example 2024-01-15T12:00:00"
      : "for a list, use where({ attribute: [ … ] })",
  );
}

/**
 * SQL with bound values, for conditions and computed columns. Holds text and values only: nothing is compiled or loaded.
 * Bare lower-case words must be attributes of the query, or words of SQL; an unknown one is refused before anything is
 * sent. Fragments nest.
 *
 * @example
 * Session.where(sql`score > ${limit} AND rig LIKE ${pattern}`);
 * Session.proj({ twice: sql<number>`score * 2` });
 * Session.where(sql`${sql.id(column)} IS NOT NULL`);
 */
export const sql: SqlTag = Object.assign(tag, {
  id(name: string): Identifier {
    if (typeof name !== "string" || name === "") throw invalidQuery(`sql.id needs a name, got ${show(name)}`);
    return { [identifierBrand]: true, name } as const;
  },
});

/** By its brand, so that fragments of another copy of this package are known too. */
export function isFragment(value: unknown): value is FragmentText {
  return typeof value === "object" && value !== null && (value as Partial<FragmentText>)[fragmentBrand] === true;
}

/** Whether a value of a fragment is a name to quote instead of a value to bind. */
export function isIdentifier(value: unknown): value is Identifier {
  return typeof value === "object" && value !== null && (value as Partial<Identifier>)[identifierBrand] === true;
}
