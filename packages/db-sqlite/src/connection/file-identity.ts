import type { DatabaseSync } from "node:sqlite";

/** `PRAGMA application_id` of our files: "Mort" in ASCII, so that `file` and we know them. */
export const applicationId = 0x4d_6f_72_74;

/** `PRAGMA user_version`: the layout of the catalog below. A higher one is refused. */
export const fileVersion = 1;

/**
 * The catalog of a file: what a definition says and SQLite's own schema can't hold. One for all schemas, because a
 * schema is only a prefix of table names here. Keys and foreign keys are read from SQLite itself.
 */
export function createCatalog(database: DatabaseSync): void {
  database.exec(`
    CREATE TABLE "~tables" (
      "schema" TEXT NOT NULL,
      "name" TEXT NOT NULL,
      "comment" TEXT NOT NULL,
      "primary_key" TEXT NOT NULL CHECK (json_valid("primary_key")),
      "indexes" TEXT NOT NULL CHECK (json_valid("indexes")),
      PRIMARY KEY ("schema", "name")
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE "~columns" (
      "schema" TEXT NOT NULL,
      "table" TEXT NOT NULL,
      "position" INTEGER NOT NULL,
      "name" TEXT NOT NULL,
      "type" TEXT NOT NULL,
      "marker" TEXT,
      "comment" TEXT NOT NULL,
      "nullable" INTEGER NOT NULL,
      "default_kind" TEXT,
      "default_text" TEXT,
      PRIMARY KEY ("schema", "table", "position")
    ) STRICT, WITHOUT ROWID;
    PRAGMA application_id = ${applicationId};
    PRAGMA user_version = ${fileVersion};
  `);
}
