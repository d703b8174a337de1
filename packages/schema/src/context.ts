import type { Config, DecodeContext, Logger, ObjectStore, Registry, Sections } from "@mortise/core";
import type { Database, Executor, Session, TableSpec } from "@mortise/sql";
import type { TableDefinition } from "./definition/ast.ts";
import type { Heading } from "./heading/heading.ts";

/** What every part of an open project may use. One per project; handed down, never global. */
export interface ProjectContext {
  readonly config: Config;
  readonly registry: Registry;
  readonly logger: Logger;
  /** Opens the database at the first call. */
  database(): Promise<Database>;
  /** The transaction of the current asynchronous context, else the database itself. Throws when the transaction has ended. */
  executor(): Promise<Executor>;
  readonly inTransaction: boolean;
  /** Inside a transaction: runs a write when those before it are done, because each may need a savepoint. */
  exclusively?<T>(work: (session: Session) => Promise<T>): Promise<T>;
  readonly objects: ObjectAccess;
}

/** A configured store, opened at its first use. */
export interface OpenStore {
  readonly name: string;
  readonly store: ObjectStore;
  readonly sections: Sections;
}

/** What reading needs of the object side. */
export interface ObjectAccess {
  /** `undefined` and `""` are the default store. Throws `ConfigError` for a store that is not configured. */
  resolveName(name: string | undefined): string;
  open(name: string): Promise<OpenStore>;
  decodeContext(site: DecodeContext["site"], storeName: string | undefined, signal: AbortSignal): DecodeContext;
}

/** What a table is for; the prefix of its name in the database says it to Python too. */
export type Tier = "manual" | "lookup" | "imported" | "computed";

/** A table at run time, shared by declaration, queries, inserts and deletes. */
export interface TableBinding {
  readonly project: ProjectContext;
  readonly schema: string;
  /** `Session`, `Session.Trial` for a part: in messages and object paths. */
  readonly className: string;
  /** `session`, `#param`, `session__trial`. */
  readonly tableName: string;
  readonly tier: Tier;
  readonly master?: TableBinding | undefined;
  /** Absent for a table opened without one. */
  readonly definition?: TableDefinition | undefined;
  /** What the `->` lines refer to, by the name they use; `Session.Trial` for parts. */
  readonly references: Readonly<Record<string, TableBinding>>;
  /** Declares the table at its first use, once, and answers with its heading. Inside a transaction an undeclared table is an error. */
  heading(): Promise<Heading>;
  /** The table as the catalog has it, hidden columns included. */
  spec(): Promise<TableSpec>;
}
