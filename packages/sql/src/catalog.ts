import type { Executor } from "./database.ts";
import type { TableSpec } from "./table-spec.ts";

/** A foreign key with both of its ends. */
export interface ForeignKeyEdge {
  readonly child: { readonly schema: string; readonly table: string };
  readonly parent: { readonly schema: string; readonly table: string };
  /** Child column → parent column, in constraint order. */
  readonly columns: readonly (readonly [child: string, parent: string])[];
}

export interface LineageRow {
  readonly table: string;
  readonly attribute: string;
  readonly lineage: string;
}

/** Reads and keeps what a database knows of its tables. Every call takes the executor, so that it can join a transaction. */
export interface Catalog {
  schemas(executor: Executor): Promise<readonly string[]>;
  /** User tables only: names that do not start with `~`. */
  tableNames(executor: Executor, schema: string): Promise<readonly string[]>;
  /** Whole tables as they were declared, hidden columns included. */
  tables(executor: Executor, schema: string, names?: readonly string[]): Promise<readonly TableSpec[]>;
  /** Every foreign key whose parent lies in one of the schemas, whatever schema the child lies in. */
  foreignKeysInto(executor: Executor, schemas: readonly string[]): Promise<readonly ForeignKeyEdge[]>;
  /** undefined where the schema has no `~lineage` table. */
  lineage(executor: Executor, schema: string): Promise<readonly LineageRow[] | undefined>;
  /** Creates `~lineage` where it is missing and replaces the rows of one table. */
  replaceLineage(executor: Executor, schema: string, table: string, rows: readonly LineageRow[]): Promise<void>;
}
