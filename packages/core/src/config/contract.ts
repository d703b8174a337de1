import type { StoreSpec } from "../plugin/contract.ts";

/** Where a value came from, for `explain` and messages. */
export interface ConfigSource {
  readonly kind: "option" | "environment" | "secret" | "file" | "default";
  /** The variable's or file's name; empty for options and defaults. */
  readonly name: string;
}

export interface ConfigEntry {
  /** Dotted, with the file's snake_case names. */
  readonly key: string;
  /** Secrets read `[secret]`. */
  readonly value: unknown;
  readonly source: ConfigSource;
  /** Lower sources that also had a value, nearest first. */
  readonly shadows: readonly ConfigSource[];
}

export interface StoreSpecOptions {
  /** Without a name: `stores.filepath_default` where it is set, else `stores.default`. */
  readonly filepath?: boolean | undefined;
}

/** Immutable; `with` returns another. Printing it shows no secret. */
export interface Config {
  /** Names to specs, without `default` and `filepath_default`. */
  readonly stores: ReadonlyMap<string, StoreSpec>;
  readonly defaultStore: string | undefined;
  readonly filepathDefault: string | undefined;
  /** The backend and its settings; SQLite beside the configuration file when nothing is configured. */
  readonly database: { readonly backend: string; readonly [key: string]: unknown };
  /** Absolute folder that relative paths are resolved against: the configuration file's, else the working directory. */
  readonly directory: string;
  /** Said while loading: unknown keys, shadowed secrets, files readable by others. */
  readonly warnings: readonly string[];
  /** A spec with its defaults. Throws `ConfigError`: `no-default-store`, `unknown-store`, `invalid-store`. `""` is the default store. */
  storeSpec(name?: string, options?: StoreSpecOptions): StoreSpec;
  /** The value of a dotted key, undefined if unset. Throws `ConfigError` `unknown-key`. */
  get(key: string): unknown;
  /** Overrides by dotted key, above every other source. Unknown keys throw. */
  with(values: Readonly<Record<string, unknown>>): Config;
  explain(): readonly ConfigEntry[];
}
