/** The plugins that `/register` modules have added. One list per process and contract version, whoever loads core. */
import type { Plugin } from "../plugin/contract.ts";
import type { Registry } from "./contract.ts";
import { definePlugin } from "./copies.ts";
import { checkPlugins, createRegistry } from "./registry.ts";

const key = Symbol.for("mortise.registry.v1");
const shared = globalThis as { [key]?: Set<Plugin> };

/**
 * Adds a plugin for every project without an explicit list that opens from now on; a project that is open keeps what it
 * has. Throws as `Registry.add` does, `duplicate-plugin` at the second of two plugins for one name.
 */
export function registerPlugin(plugin: Plugin): void {
  const registered = (shared[key] ??= new Set());
  checkPlugins([...registered, plugin]);
  registered.add(definePlugin(plugin));
}

/** A copy of the default registry as it is now. */
export function defaultRegistry(): Registry {
  return createRegistry(shared[key]);
}
