import type { DatabasePluginBase, Logger } from "@mortise/core";
import type { Database } from "./database.ts";

/** The resolved `database` configuration, with the file's snake_case names; secrets are `Secret` values. */
export interface DatabaseSpec {
  readonly backend: string;
  readonly [key: string]: unknown;
}

/** What a plugin is given besides its configuration. */
export interface DatabaseContext {
  readonly logger: Logger;
  /** What relative paths in the configuration are resolved against; default the working directory. */
  readonly directory?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A database as a plugin, a constant of its package: `export const sqlite: DatabasePlugin = { kind: "database", … }`.
 */
export interface DatabasePlugin extends DatabasePluginBase {
  /** Connects, and checks that the database can be used. Throws `ConfigError` before anything is written when it can't. */
  open(spec: DatabaseSpec, context: DatabaseContext): Promise<Database>;
}
