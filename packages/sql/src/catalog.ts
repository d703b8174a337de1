import type { Executor } from "./database.ts";
import type { TableSpec } from "./table-spec.ts";

/** A foreign key with both of its ends. */
export interface ForeignKeyEdge {
  readonly child: { readonly schema: string; readonly table: string };
  readonly parent: { readonly schema: string; readonly table: string };
  /** Child column → parent column, in constraint order. */
  readonly columns: readonly (readonly [child: string, parent: string])[];
}

/** Where an attribute comes from: joins match attributes of equal name only if their lineage is equal (section 3.6). */
export interface LineageRow {
  /** With its tier prefix, without schema. */
  readonly table: string;
  readonly attribute: string;
  /** `schema.table.attribute` of its first declaration. */
  readonly lineage: string;
}

/** Reads and keeps what a database knows of its tables. Every call takes the executor, so that it can join a transaction. */
export interface Catalog {
  /** Schemas that Mortise can see tables of; empty ones may be missing where schemas are only prefixes. */
  schemas(executor: Executor): Promise<readonly string[]>;
  /** User tables only: names that do not start with `~`. */
  tableNames(executor: Executor, schema: string): Promise<readonly string[]>;
  /**
   * Whole tables as they were declared, hidden columns included: equal to the spec that `createTable` was given. All of
   * the schema without `names`; names that do not exist are left out.
   */
  tables(executor: Executor, schema: string, names?: readonly string[]): Promise<readonly TableSpec[]>;
  /** Every foreign key whose parent lies in one of the schemas, whatever schema the child lies in. */
  foreignKeysInto(executor: Executor, schemas: readonly string[]): Promise<readonly ForeignKeyEdge[]>;
  /** undefined where the schema has no `~lineage` table. */
  lineage(executor: Executor, schema: string): Promise<readonly LineageRow[] | undefined>;
  /** Creates `~lineage` where it is missing and replaces the rows of one table. */
  replaceLineage(executor: Executor, schema: string, table: string, rows: readonly LineageRow[]): Promise<void>;
}
