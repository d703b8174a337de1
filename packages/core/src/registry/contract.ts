import type { Codec } from "../codec/contract.ts";
import type { DatabasePluginBase, Plugin, StorePlugin } from "../plugin/contract.ts";

/** The plugins of one project. A resolved name never changes. */
export interface Registry {
  /** Throws `PluginError`: `duplicate-plugin` naming both origins, `api-version`, `invalid-plugin`. The same plugin twice is one. */
  add(plugin: Plugin): void;
  /** Throws `unknown-protocol`, naming the package to install. */
  store(protocol: string): StorePlugin;
  /** Throws `unknown-codec`, naming the package to install. */
  codec(name: string): Codec;
  findCodec(name: string): Codec | undefined;
  /** Throws `unknown-backend`, naming the package to install. */
  database(backend: string): DatabasePluginBase;
  readonly plugins: readonly Plugin[];
}
