import { backend } from "../../../packages/schema/test/database/provided.ts";
import type { RawClient } from "../lab/raw-client.ts";
import { readMysqlTable } from "./read-mysql.ts";
import { readPostgresTable } from "./read-postgres.ts";

/** A column as the server's own catalog describes it. */
export interface CatalogColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  /** The value of the default, or the expression; undefined for none and for NULL. */
  readonly preset: string | undefined;
  readonly comment: string;
}

/** A table as the server's own catalog describes it: what declarations by two programs have to agree in. */
export interface CatalogTable {
  readonly comment: string;
  readonly columns: readonly CatalogColumn[];
  /** Names joined by commas, in key order. */
  readonly primaryKey: string;
  /** `(child columns) → schema.parent(parent columns) update … delete …`, sorted. */
  readonly foreignKeys: readonly string[];
  /** Columns of each unique index besides the primary key, sorted. */
  readonly unique: readonly string[];
  /** Columns of each other index, sorted: also those that serve foreign keys, which every database makes its own way. */
  readonly plain: readonly string[];
}

/** Reads one table from the catalog by this module's own SQL; undefined where there is no such table. */
export async function readTable(raw: RawClient, schema: string, table: string): Promise<CatalogTable | undefined> {
  return await (backend === "mysql" ? readMysqlTable : readPostgresTable)(raw, schema, table);
}

/** `name type not null = default # comment`: one line a column, as expectations are written. */
export function columnLine({ name, type, nullable, preset, comment }: CatalogColumn): string {
  const parts = [`${name} ${type}`, nullable ? "" : "not null", preset === undefined ? "" : `= ${preset}`];
  return [...parts, comment === "" ? "" : `# ${comment}`].filter(Boolean).join(" ");
}
