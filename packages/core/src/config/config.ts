import { ConfigError } from "../errors.ts";
import type { StoreSpec } from "../plugin/contract.ts";
import type { Config, ConfigEntry, StoreSpecOptions } from "./contract.ts";
import { within } from "./layers/layer.ts";
import { type ConfigInput, type Loaded, loadSources } from "./load.ts";
import { didYouMean } from "./suggest.ts";

type Overrides = readonly Readonly<Record<string, unknown>>[];

class LoadedConfig implements Config {
  readonly #input: ConfigInput;
  readonly #overrides: Overrides;
  readonly #loaded: Loaded;
  readonly stores: ReadonlyMap<string, StoreSpec>;

  constructor(input: ConfigInput, overrides: Overrides) {
    this.#input = input;
    this.#overrides = overrides;
    this.#loaded = loadSources(input, overrides);
    const stores = new Map<string, StoreSpec>();
    for (const [name, { spec }] of this.#loaded.stores) if (spec !== undefined) stores.set(name, spec);
    this.stores = stores;
  }

  get defaultStore(): string | undefined {
    return this.#loaded.defaultStore;
  }

  get filepathDefault(): string | undefined {
    return this.#loaded.filepathDefault;
  }

  get database(): Config["database"] {
    return this.#loaded.database;
  }

  get directory(): string {
    return this.#input.directory ?? "/";
  }

  get warnings(): readonly string[] {
    return this.#loaded.warnings;
  }

  storeSpec(name?: string, options: StoreSpecOptions = {}): StoreSpec {
    const fallback = (options.filepath === true ? this.filepathDefault : undefined) ?? this.defaultStore;
    const store = name === undefined || name === "" ? fallback : name;
    if (store === undefined) {
      const key = options.filepath === true ? "stores.filepath_default" : "stores.default";
      throw new ConfigError("no-default-store", `${key} is not configured, and no store was named`, {
        hint: "set stores.default, or name the store: <blob@name>",
      });
    }
    const spec = this.stores.get(store);
    if (spec !== undefined) return spec;
    if (this.#loaded.stores.has(store)) {
      throw new ConfigError("invalid-store", `Storage '${store}' has only secrets: it is missing protocol`);
    }
    throw new ConfigError("unknown-store", `Storage '${store}' is requested but not configured in stores`, {
      hint: didYouMean(store, this.stores.keys()),
    });
  }

  get(key: string): unknown {
    const { table, settings, stores } = this.#loaded;
    const known = table.get(key);
    if (known !== undefined) return settings.get(key) ?? known.default ?? undefined;
    if (key === "stores.default") return this.defaultStore;
    if (key === "stores.filepath_default") return this.filepathDefault;
    const [root, name = "", attribute, ...rest] = key.split(".");
    if (root === "stores" && rest.length === 0) {
      const given = [...stores].map(([store, built]) => [store, Object.fromEntries(built.given)] as const);
      if (name === "") return Object.fromEntries(given);
      const store = stores.get(name);
      if (store !== undefined && attribute === undefined) return Object.fromEntries(store.given);
      if (store !== undefined && attribute !== undefined) {
        if (store.given.has(attribute)) return store.given.get(attribute);
        if (store.keys.has(attribute)) return store.spec?.[attribute];
      }
    }
    const group = [...table.values()].filter((entry) => within(entry.name, key));
    if (group.length > 0) {
      return Object.fromEntries(group.map(({ name }) => [name.slice(key.length + 1), this.get(name)]));
    }
    const names = [...table.keys(), ...this.#loaded.entries.map((entry) => entry.key)];
    throw new ConfigError("unknown-key", `There is no configuration key ${JSON.stringify(key)}`, {
      hint: didYouMean(key, new Set(names)),
    });
  }

  with(values: Readonly<Record<string, unknown>>): Config {
    return new LoadedConfig(this.#input, [values, ...this.#overrides]);
  }

  explain(): readonly ConfigEntry[] {
    return this.#loaded.entries;
  }

  /** What JSON shows: keys and values, secrets as `[secret]`. */
  toJSON(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.#loaded.entries.map(({ key, value }) => [key, value]));
  }

  /** What Node's `console.log` shows: the same. */
  [Symbol.for("nodejs.util.inspect.custom")](): unknown {
    return this.toJSON();
  }
}

/**
 * Makes a configuration from its sources, without any I/O: `loadConfig` of `@mortise/core/node` reads the sources.
 * Throws `ConfigError` `invalid-config` with all problems.
 */
export function createConfig(input: ConfigInput = {}): Config {
  return new LoadedConfig(input, []);
}
