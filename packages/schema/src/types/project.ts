import type { Config, Logger, ObjectStore, Plugin } from "@mortise/core";
import type { CodecsOf } from "./codec-types.ts";
import type { Schema } from "./schema.ts";
import type { Transaction, TransactionOptions } from "./transaction.ts";

/** What `openProject` takes. */
export interface ProjectOptions<Plugins extends readonly Plugin[] | undefined = readonly Plugin[] | undefined> {
  /** The only plugins of this project. Without a list: those that `/register` modules have added. */
  readonly plugins?: Plugins;
  /** Configuration already loaded; without it `datajoint.json`, `.secrets/` and the environment are read. */
  readonly config?: Config | undefined;
  /** Where the search for `datajoint.json` starts; default the working directory. */
  readonly directory?: string | undefined;
  /** Overrides by dotted key, above every other source. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** Stores by name that are open already; the project does not close them. */
  readonly stores?: Readonly<Record<string, ObjectStore>> | undefined;
  /** Looks for plugins in the dependencies of the nearest package.json. */
  readonly discover?: boolean | undefined;
  /**
   * Bytes; default 8 MiB. Content that is in the store already is read back and hashed up to this size before a row may
   * refer to it; above, its size must do. `Infinity` reads everything, 0 nothing.
   */
  readonly rehashBytes?: number | undefined;
  /** Default: warnings to `console.warn`, one line each. `silentLogger` of core drops them. */
  readonly logger?: Logger | undefined;
}

/** An open project: configuration, plugins, one database, the stores. Disposing closes what it has opened. */
export interface Project<Codecs> extends AsyncDisposable {
  readonly config: Config;
  /** The tables of a schema, which is created with its first table. Throws `DefinitionError` `invalid-name`. */
  schema(name: string): Schema<Codecs>;
  /**
   * Runs `work` in a transaction: all or nothing. Inside another transaction: `TransactionError` `nested`, which leaves the
   * outer one intact.
   *
   * @example
   * await project.transaction(async () => {
   *   await Session.insertOne(session);
   *   await Trial.insert(trials);
   * });
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** User-managed files: the store's contract for keys outside the reserved sections and inside `filepath_prefix`. */
  store(name?: string): Promise<ObjectStore>;
  /** Closes the database and the stores that were opened from the configuration. Idempotent. */
  close(): Promise<void>;
}

/** The type of `openProject`: with a list of plugins, codecs are a closed set whose types come from the list. */
export interface OpenProject {
  <const Plugins extends readonly Plugin[]>(
    options: ProjectOptions<Plugins> & { readonly plugins: Plugins },
  ): Promise<Project<CodecsOf<Plugins>>>;
  (options?: ProjectOptions<undefined>): Promise<Project<CodecsOf<undefined>>>;
}
