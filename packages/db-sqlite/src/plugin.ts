import { resolve } from "node:path";
import { apiVersion, ConfigError } from "@mortise/core";
import type { Database, DatabasePlugin } from "@mortise/sql";
import { configKeys, type SqliteOptions } from "./options.ts";

/**
 * Opens a database file without a project.
 *
 * @throws ConfigError `database-file` (cannot be opened or created), `foreign-database`, `database-version`
 *
 * @example
 * await using database = await openSqlite({ file: "lab.sqlite" });
 */
export async function openSqlite(options: SqliteOptions): Promise<Database> {
  const file = filePath(options.file, ".");
  // Kysely comes with this module, and it takes longer to load than everything else.
  const { openFile } = await import("./open.ts");
  return openFile(file, options);
}

function filePath(file: string, directory: string): string {
  if (file.trim() === "" || file === ":memory:" || file.startsWith("file:")) {
    throw new ConfigError("database-file", `${JSON.stringify(file)} is not the path of a file`, {
      hint: "a database has several connections, which memory can't give; use a file in a temporary directory",
    });
  }
  return resolve(directory, file);
}

/** The plugin for `openProject({ plugins: [sqlite] })`; also the default when no database is configured. */
export const sqlite: DatabasePlugin = {
  kind: "database",
  apiVersion,
  name: "@mortise/db-sqlite",
  origin: import.meta.url,
  backends: ["sqlite"],
  keys: configKeys,
  open: (spec, context) => {
    const file = typeof spec["file"] === "string" ? spec["file"] : ".mortise/database.sqlite";
    return openSqlite({ file: filePath(file, context.directory ?? "."), signal: context.signal });
  },
};
