import {
  type Config,
  ConfigError,
  type Logger,
  type ObjectStore,
  parseSections,
  type Registry,
  storeBaseUrl,
} from "@mortise/core";
import type { OpenStore } from "../context.ts";
import type { StoreAccess, StoreLayout } from "../objects/store-access.ts";

/** The stores of one project and their end. */
export interface ProjectStores extends StoreAccess {
  /** Closes what was opened here; stores given as instances are their owner's. */
  close(): Promise<void>;
}

/** Where stores come from. */
export interface StoreSources {
  readonly config: Config;
  readonly registry: Registry;
  readonly logger: Logger;
  /** Open already, by name; they take precedence over a configured store of that name. */
  readonly instances: Readonly<Record<string, ObjectStore>>;
}

/** Throws `ConfigError` `overlapping-stores` where an instance lies at, in or around another store. */
export function createStores(sources: StoreSources): ProjectStores {
  const { config, registry, logger, instances } = sources;
  refuseOverlaps(sources);
  const layouts = new Map<string, StoreLayout>();
  const opened = new Map<string, Promise<OpenStore>>();

  async function openStore(name: string): Promise<OpenStore> {
    const { settings, sections } = stores.layout(name);
    const instance = instances[name];
    if (instance !== undefined) return { name, store: instance, sections };
    const spec = config.storeSpec(name);
    const store = await registry.store(spec.protocol).open(spec, { storeName: name, logger });
    logger.debug("store.opened", { name, protocol: settings["protocol"] });
    return { name, store, sections };
  }

  const stores: ProjectStores = {
    resolveName(name) {
      if (name !== undefined && name !== null && name !== "") {
        if (!Object.hasOwn(instances, name)) config.storeSpec(name);
        return name;
      }
      const only = Object.keys(instances);
      const fallback = config.defaultStore ?? (only.length === 1 && config.stores.size === 0 ? only[0] : undefined);
      if (fallback !== undefined) return stores.resolveName(fallback);
      config.storeSpec();
      throw new ConfigError("no-default-store", "no default store is configured");
    },
    filepathDefault: () => stores.resolveName(config.filepathDefault),
    layout(name) {
      let layout = layouts.get(name);
      if (layout === undefined) {
        const settings = config.stores.get(name) ?? (Object.hasOwn(instances, name) ? {} : config.storeSpec(name));
        layout = { name, settings, sections: parseSections(settings) };
        layouts.set(name, layout);
      }
      return layout;
    },
    open(name) {
      let store = opened.get(name);
      if (store === undefined) {
        store = openStore(name);
        opened.set(name, store);
        // A failure is not remembered: the folder may be mounted, or the network back, at the next call.
        store.catch(() => opened.delete(name));
      }
      return store;
    },
    async close() {
      const open = [...opened].filter(([name]) => !Object.hasOwn(instances, name));
      opened.clear();
      const closing = open.map(async ([, store]) => {
        const result = await store.catch(() => undefined);
        await result?.store.close();
      });
      const outcomes = await Promise.allSettled(closing);
      for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
    },
  };
  return stores;
}

/** The configuration checks its own stores; here are those that it does not know. */
function refuseOverlaps({ config, instances }: StoreSources): void {
  const places = new Map<string, string>();
  for (const [name, spec] of config.stores) {
    if (!Object.hasOwn(instances, name)) places.set(name, storeBaseUrl(spec));
  }
  for (const [name, instance] of Object.entries(instances)) {
    for (const [other, place] of places) {
      if (!isNested(instance.baseUrl, place) && !isNested(place, instance.baseUrl)) continue;
      throw new ConfigError(
        "overlapping-stores",
        `the stores "${other}" and "${name}" overlap: ${place} and ${instance.baseUrl}`,
        { hint: "give each store a place of its own, neither equal to nor inside another one" },
      );
    }
    places.set(name, instance.baseUrl);
  }
}

/** By segments: `…/main2` is not inside `…/main`. */
function isNested(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith("/") ? outer : `${outer}/`);
}
