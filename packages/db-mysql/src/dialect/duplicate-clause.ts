import type { InsertRequest } from "@mortise/sql";
import { quoteName, quoteTable } from "./names.ts";

/** How many rows of a statement need no clause: the error of a single one says itself which key it was. */
export function skipsByError({ onDuplicate }: InsertRequest, rowCount: number): boolean {
  return onDuplicate === "skip" && rowCount === 1;
}

/**
 * What happens to a row that is there. MySQL runs ON DUPLICATE KEY UPDATE for any unique key, and may only for the
 * primary one: the first assignment changes nothing where the row has the same primary key, and otherwise reads a
 * subquery of two rows, an error that undoes the statement. The subquery reads the column itself, so that the types of
 * the two ways agree. `VALUES()` is deprecated in MySQL, but its successor is unknown to MariaDB.
 */
export function duplicateClause(request: InsertRequest, rowCount: number): string {
  const { schema, table, columns, primaryKey, onDuplicate } = request;
  const [first] = primaryKey;
  if (onDuplicate === undefined || onDuplicate === "error" || first === undefined) return "";
  if (skipsByError(request, rowCount)) return "";
  const name = quoteTable(schema, table);
  const stored = `${name}.${quoteName(first)}`;
  const same = primaryKey
    .map((column) => `${name}.${quoteName(column)} <=> VALUES(${quoteName(column)})`)
    .join(" AND ");
  const guard = `${quoteName(first)} = CASE WHEN ${same} THEN ${stored} ELSE (SELECT ${stored} FROM (SELECT 1 UNION ALL SELECT 2) AS two) END`;
  const replaced = onDuplicate === "skip" ? [] : columns.filter((column) => !primaryKey.includes(column));
  const assignments = [guard, ...replaced.map((column) => `${quoteName(column)} = VALUES(${quoteName(column)})`)];
  return ` ON DUPLICATE KEY UPDATE ${assignments.join(", ")}`;
}

/** The server's number for the error of the guard. */
export const otherKeyConflict = 1242;
