import type { Codec } from "../codec/contract.ts";
import type { Logger } from "../logger.ts";
import type { ObjectStore } from "../store/contract.ts";

/** The version of the contracts in this module; a plugin of another version is refused with both package names. */
export const apiVersion = 1;

/** One configuration key of a protocol: validation, redaction, documentation and the JSON Schema come from it. */
export interface ConfigKey {
  readonly name: string;
  readonly type: "string" | "boolean" | "integer" | "integers";
  /** The only values allowed. */
  readonly allowed?: readonly string[] | undefined;
  readonly required?: boolean | undefined;
  /** Redacted wherever configuration is shown. */
  readonly secret?: boolean | undefined;
  /** What an absent value and `null` mean. */
  readonly default?: string | boolean | number | null | undefined;
  /** Only Mortise knows it: it stands in the `mortise` block, because Python refuses unknown keys. */
  readonly mortiseOnly?: boolean | undefined;
  readonly description: string;
}

/** What every plugin says of itself. */
export interface PluginBase {
  readonly kind: "store" | "codec" | "database";
  readonly apiVersion: 1;
  readonly name: string;
  /** `import.meta.url` of the plugin, for messages. */
  readonly origin: string;
}

/** The resolved configuration of one store, with the file's snake_case names; secrets are `Secret` values. */
export interface StoreSpec {
  readonly protocol: string;
  readonly [key: string]: unknown;
}

export interface StoreContext {
  readonly storeName: string;
  readonly logger: Logger;
  readonly signal?: AbortSignal | undefined;
}

export interface StorePlugin extends PluginBase {
  readonly kind: "store";
  readonly protocols: readonly string[];
  readonly urlSchemes: readonly string[];
  readonly keys: readonly ConfigKey[];
  /** Opens the location; throws `invalid-config` before any write when it can't be used. */
  open(spec: StoreSpec, context: StoreContext): Promise<ObjectStore>;
}

/** As much of a database plugin as the registry needs; `@mortise/sql` has the rest. */
export interface DatabasePluginBase extends PluginBase {
  readonly kind: "database";
  readonly backends: readonly string[];
  readonly keys: readonly ConfigKey[];
}

export type Plugin = StorePlugin | Codec | DatabasePluginBase;
