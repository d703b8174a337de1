import type { DatabasePluginBase, Logger } from "@mortise/core";
import type { Database } from "./database.ts";

/** The resolved `database` configuration, with the file's snake_case names; secrets are `Secret` values. */
export interface DatabaseSpec {
  readonly backend: string;
  readonly [key: string]: unknown;
}

export interface DatabaseContext {
  readonly logger: Logger;
  /** What relative paths in the configuration are resolved against; default the working directory. */
  readonly directory?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface DatabasePlugin extends DatabasePluginBase {
  open(spec: DatabaseSpec, context: DatabaseContext): Promise<Database>;
}
