import type { Codec } from "../codec/contract.ts";
import { hashCodec } from "../codec/hash-codec.ts";
import { PluginError } from "../errors.ts";
import type { DatabasePluginBase, Plugin, StorePlugin } from "../plugin/contract.ts";
import { checkPlugin } from "./check-plugin.ts";
import type { Registry } from "./contract.ts";
import { coreOrigin, foreignCore } from "./copies.ts";
import { knownPackage, type PluginKind, packageOf } from "./known-packages.ts";

const kinds: Readonly<Record<Plugin["kind"], PluginKind>> = { store: "protocol", codec: "codec", database: "backend" };

/** What a plugin is found by. Protocols and backends ignore case, as the configuration does. */
function namesOf(plugin: Plugin): readonly string[] {
  if (plugin.kind === "codec") return [plugin.name];
  return (plugin.kind === "store" ? plugin.protocols : plugin.backends).map((name) => name.toLowerCase());
}

function refuseForeign(plugin: Plugin): void {
  const foreign = foreignCore(plugin);
  if (foreign === undefined) return;
  throw new PluginError(
    "two-cores",
    `plugin "${plugin.name}" of ${packageOf(plugin.origin)} uses another copy of @mortise/core: this project has ${coreOrigin}, the plugin has ${foreign}`,
    { hint: "Install one version for both: `npm ls @mortise/core` shows who brings which, `npm dedupe` often helps." },
  );
}

/** What to say of a name that nothing was registered for. */
function missing(kind: PluginKind, name: string, registered: readonly string[]): PluginError {
  const shown =
    kind === "codec" ? `Unknown codec: <${name}> is not registered` : `Unknown ${kind} ${JSON.stringify(name)}`;
  const spelling = registered.find((other) => other.toLowerCase() === name.toLowerCase());
  const needed = knownPackage(kind, name) ?? knownPackage(kind, name.toLowerCase());
  if (spelling === undefined && needed !== undefined) {
    return new PluginError(`unknown-${kind}`, `${shown}: ${kind} "${name}" needs ${needed}: npm install ${needed}`, {
      hint: `Then add its plugin to openProject({ plugins: […] }), or import "${needed}/register".`,
    });
  }
  const found = registered.length === 0 ? "none" : registered.toSorted().join(", ");
  return new PluginError(`unknown-${kind}`, `${shown}; registered: ${found}`, {
    hint:
      spelling === undefined
        ? "Check the spelling, or add the plugin that brings it to openProject({ plugins: […] })."
        : `Did you mean "${spelling}"? Names are case-sensitive.`,
  });
}

/** An empty registry but for `<hash>`, which core brings, and the given plugins. Throws as `add` does. */
export function createRegistry(plugins: Iterable<Plugin> = []): Registry {
  return assemble(plugins, refuseForeign);
}

/** Checks plugins against each other without a project: plugins of two copies may wait in one list until one opens. */
export function checkPlugins(plugins: Iterable<Plugin>): void {
  assemble(plugins, () => undefined);
}

function assemble(plugins: Iterable<Plugin>, admit: (plugin: Plugin) => void): Registry {
  const byName: Readonly<Record<PluginKind, Map<string, Plugin>>> = {
    protocol: new Map(),
    codec: new Map(),
    backend: new Map(),
  };
  const all = new Set<Plugin>();

  const add = (plugin: Plugin): void => {
    checkPlugin(plugin);
    if (all.has(plugin)) return;
    admit(plugin);
    const kind = kinds[plugin.kind];
    const names = namesOf(plugin);
    for (const name of names) {
      const other = byName[kind].get(name);
      if (other === undefined) continue;
      throw new PluginError(
        "duplicate-plugin",
        `${kind} "${name}" is already registered by ${other.origin}; ${plugin.origin} would register it again`,
        { hint: "Keep one of the two plugins: which one answers must not depend on the order of imports." },
      );
    }
    for (const name of names) byName[kind].set(name, plugin);
    all.add(plugin);
  };

  const find = (kind: PluginKind, name: string): Plugin => {
    const plugin = byName[kind].get(name);
    if (plugin === undefined) throw missing(kind, name, [...byName[kind].keys()]);
    return plugin;
  };

  add(hashCodec);
  for (const plugin of plugins) add(plugin);
  return {
    add,
    store: (protocol) => find("protocol", protocol.toLowerCase()) as StorePlugin,
    codec: (name) => find("codec", name) as Codec,
    findCodec: (name) => byName.codec.get(name) as Codec | undefined,
    database: (backend) => find("backend", backend.toLowerCase()) as DatabasePluginBase,
    get plugins() {
      return [...all];
    },
  };
}

/** Names of all registered codecs, sorted. */
export function codecNames(registry: Registry): readonly string[] {
  return registry.plugins.flatMap((plugin) => (plugin.kind === "codec" ? [plugin.name] : [])).toSorted();
}
