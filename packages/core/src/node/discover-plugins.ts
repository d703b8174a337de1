import { realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { isRecord } from "../config/layers/record.ts";
import { ConfigError, PluginError } from "../errors.ts";
import { apiVersion, type Plugin } from "../plugin/contract.ts";
import type { Registry } from "../registry/contract.ts";
import { readText } from "./files.ts";
import { entryPoint } from "./package-entry.ts";

/** A plugin that a package says it has; nothing of it is imported yet. */
export interface DiscoveredPlugin {
  readonly kind: Plugin["kind"];
  /** The protocol, codec name or backend. */
  readonly name: string;
  readonly packageName: string;
  /** Name of the export. */
  readonly export: string;
  readonly apiVersion: unknown;
  /** Folder of the package. */
  readonly directory: string;
}

/** What the dependencies of a project offer. */
export interface Discovery {
  readonly plugins: readonly DiscoveredPlugin[];
  /**
   * Imports the package that has this plugin; undefined if none has. Throws `PluginError`: `duplicate-plugin` naming
   * both packages, `api-version`, `invalid-plugin`.
   */
  load(kind: Plugin["kind"], name: string): Promise<Plugin | undefined>;
  /** Imports what is named and adds it to the registry; names that no package has are left to the registry's error. */
  addTo(
    registry: Pick<Registry, "add">,
    needed: {
      readonly stores?: Iterable<string> | undefined;
      readonly codecs?: Iterable<string> | undefined;
      readonly databases?: Iterable<string> | undefined;
    },
  ): Promise<void>;
}

const lists = { stores: "store", codecs: "codec", databases: "database" } as const;
const dependencyKeys = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];

type Manifest = Readonly<Record<string, unknown>>;

async function readManifest(directory: string): Promise<Manifest | undefined> {
  const path = join(directory, "package.json");
  const text = await readText(path);
  if (text === undefined) return undefined;
  try {
    const manifest: unknown = JSON.parse(text);
    return isRecord(manifest) ? manifest : {};
  } catch (error) {
    throw new ConfigError("malformed-file", `${path} is not valid JSON`, { cause: error });
  }
}

/** The value of the first folder upwards for which there is one. */
async function upwards<Found>(
  start: string,
  look: (directory: string) => Promise<Found | undefined>,
): Promise<Found | undefined> {
  for (let directory = start; ; directory = dirname(directory)) {
    const found = await look(directory);
    if (found !== undefined || dirname(directory) === directory) return found;
  }
}

async function pluginsOf(packageName: string, root: string): Promise<readonly DiscoveredPlugin[]> {
  const found = await upwards(root, async (directory) => {
    const folder = join(directory, "node_modules", packageName);
    const manifest = await readManifest(folder);
    return manifest === undefined ? undefined : { folder, manifest };
  });
  const declared = found?.manifest["mortise"];
  if (found === undefined || !isRecord(declared)) return [];
  // The real path is what an import statement would load: two paths would make two copies of one module.
  const directory = await realpath(found.folder);
  return Object.entries(lists).flatMap(([list, kind]) => {
    const names = declared[list];
    if (!isRecord(names)) return [];
    return Object.entries(names).map(([name, exported]) => ({
      kind,
      name,
      packageName,
      export: String(exported),
      apiVersion: declared["apiVersion"],
      directory,
    }));
  });
}

async function importPlugin(found: DiscoveredPlugin): Promise<Plugin> {
  const what = `${found.packageName} says that it has the ${found.kind} "${found.name}"`;
  if (found.apiVersion !== apiVersion) {
    const message = `${found.packageName} is made for version ${String(found.apiVersion)} of the plugin contract; @mortise/core has ${apiVersion}`;
    throw new PluginError("api-version", message, { hint: `install a ${found.packageName} of the same release` });
  }
  const manifest = (await readManifest(found.directory)) ?? {};
  const entry = join(found.directory, entryPoint(manifest));
  const module: unknown = await import(pathToFileURL(entry).href).catch((error: unknown) => {
    const hint = "install its dependencies, or report it to the makers of the package";
    throw new PluginError("invalid-plugin", `${what}, but importing ${entry} failed`, { hint, cause: error });
  });
  const plugin = (module as Readonly<Record<string, unknown>>)[found.export];
  if (isRecord(plugin) && plugin["kind"] === found.kind) return plugin as unknown as Plugin;
  throw new PluginError("invalid-plugin", `${what} as its export ${found.export}, which is no ${found.kind} plugin`, {
    hint: `report it to the makers of ${found.packageName}`,
  });
}

/**
 * Looks through the dependencies of the nearest package.json for packages with a `mortise` block:
 * `{ "apiVersion": 1, "stores": { "s3": "s3Store" } }`, name to export. Imports nothing until `load` or `addTo`.
 */
export async function discoverPlugins(options: { readonly directory?: string | undefined } = {}): Promise<Discovery> {
  const start = options.directory ?? process.cwd();
  const root = await upwards(start, async (directory) => {
    const manifest = await readManifest(directory);
    return manifest === undefined ? undefined : { directory, manifest };
  });
  const dependencies = dependencyKeys.flatMap((key) => {
    const names = root?.manifest[key];
    return isRecord(names) ? Object.keys(names) : [];
  });
  const found = await Promise.all([...new Set(dependencies)].map((name) => pluginsOf(name, root?.directory ?? start)));
  const plugins = found.flat();

  async function load(kind: Plugin["kind"], name: string): Promise<Plugin | undefined> {
    const [first, second] = plugins.filter((plugin) => plugin.kind === kind && plugin.name === name);
    if (first === undefined) return undefined;
    if (second === undefined) return importPlugin(first);
    const packages = `${first.packageName} and ${second.packageName}`;
    throw new PluginError("duplicate-plugin", `Both ${packages} have the ${kind} "${name}"`, {
      hint: "give the one you mean in `plugins`, or remove the other from package.json",
    });
  }

  return {
    plugins,
    load,
    async addTo(registry, needed) {
      for (const [list, kind] of Object.entries(lists)) {
        for (const name of needed[list as keyof typeof lists] ?? []) {
          const plugin = await load(kind, name);
          if (plugin !== undefined) registry.add(plugin);
        }
      }
    },
  };
}
