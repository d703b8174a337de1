import type { ConfigKey } from "@mortise/core";

/** What `openSqlite` takes. */
export interface SqliteOptions {
  /** Path of the database file; created with its directory where it is missing. Not `:memory:`. */
  readonly file: string;
  /** Milliseconds to wait for the write lock, unless `begin` says otherwise; default 30 000. */
  readonly waitMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Keys of the `database` configuration, in our own block: the Python library has no SQLite. */
export const configKeys: readonly ConfigKey[] = [
  {
    name: "file",
    type: "string",
    default: ".mortise/database.sqlite",
    mortiseOnly: true,
    description: "SQLite: path of the database file, relative to the configuration file",
  },
];
