import { invalidQuery, show } from "./errors.ts";
import type { OrderTerm } from "./node.ts";

/** A name and a direction. Two names in one text would be easy to misread, hence one per argument. */
const term = /^\s*([A-Za-z][A-Za-z0-9_]*)(?:\s+(asc|desc))?\s*$/i;

/** Reads `"rig"`, `"rig desc"` and `"KEY"` (the whole key). Expressions are not possible: compute a column first. */
export function parseOrder(order: readonly unknown[]): readonly OrderTerm[] {
  return order.flat().map((entry) => {
    const match = typeof entry === "string" ? term.exec(entry) : null;
    if (match === null)
      throw invalidQuery(
        `orderBy can't read ${show(entry)}`,
        'give one column per argument, optionally with its direction: orderBy("rig", "score desc")',
      );
    return { name: match[1] ?? "", descending: match[2]?.toLowerCase() === "desc" };
  });
}

/** A whole number of rows, from 0. */
export function checkCount(what: string, value: unknown): number {
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
    throw invalidQuery(`${what} must be a whole number from 0, got ${show(value)}`);
  return value;
}
