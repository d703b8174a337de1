import { QueryError } from "@mortise/core";
import type { TableSpec } from "@mortise/sql";

/**
 * Throws `QueryError` `database` for a table whose rows stay when a transaction is rolled back: their objects would be
 * deleted then, and half of a batch or of a cascade would be left.
 */
export function requireRollback({ schema, name, noRollback }: TableSpec): void {
  if (noRollback === undefined) return;
  throw new QueryError("database", `${schema}.${name} can't be written: its engine ${noRollback} does not roll back`, {
    hint: `ALTER TABLE ${schema}.${name} ENGINE=InnoDB`,
  });
}
