import { QueryError } from "@mortise/core";

/** The format of the hidden tables that this version makes and knows. */
export const ledgerFormat = 1;

/**
 * The database id that `~mortise_meta` names, from its keys and values.
 *
 * @throws QueryError `database` where another version has made the tables
 */
export function databaseIdOf(schema: string, meta: ReadonlyMap<string, string>): string {
  const found = meta.get("format_version");
  if (found === String(ledgerFormat)) return meta.get("database_id") ?? "";
  throw new QueryError(
    "database",
    `schema "${schema}" keeps its object ledger in format ${found}, this version knows format ${ledgerFormat}`,
    { hint: "write with the version of Mortise that made it, or a later one" },
  );
}
