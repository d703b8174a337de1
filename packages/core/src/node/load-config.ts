import { realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { createConfig } from "../config/config.ts";
import type { Config } from "../config/contract.ts";
import { builtInProtocols } from "../config/keys/stores.ts";
import type { Environment } from "../config/layers/environment.ts";
import { type ConfigInput, ignoresConfigFile, protocolsOf } from "../config/load.ts";
import { ConfigError } from "../errors.ts";
import type { Plugin } from "../plugin/contract.ts";
import { discoverPlugins } from "./discover-plugins.ts";
import { isAbsent, readText } from "./files.ts";
import { type ConfigPlace, findConfigFile } from "./find-config-file.ts";
import { parseJson } from "./parse-json.ts";
import { readSecrets } from "./read-secrets.ts";

export interface LoadConfigOptions {
  /** The file to read, instead of looking for `datajoint.json`. It must exist. */
  readonly file?: string | undefined;
  /** Where the search begins. Default: the working directory. */
  readonly directory?: string | undefined;
  /** Values above every other source, keys nested or dotted. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /** Default: `process.env`. */
  readonly environment?: Environment | undefined;
  /** Bring the key tables of their protocols and backends. */
  readonly plugins?: readonly Plugin[] | undefined;
  /** Whether to look for protocols of other plugins in the dependencies of the nearest package.json. Default true. */
  readonly discover?: boolean | undefined;
}

/** The real path; of a path that does not exist yet, that of its deepest folder that does. */
function realPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch (error) {
    const parent = dirname(path);
    if (!isAbsent(error) || parent === path) return path;
    return join(realPath(parent), path.slice(parent.length));
  }
}

async function placeOf(options: LoadConfigOptions): Promise<ConfigPlace> {
  if (options.file === undefined) return findConfigFile(options.directory);
  const file = resolve(options.directory ?? ".", options.file);
  return { file, directory: dirname(file) };
}

async function withPlugins(input: ConfigInput, directory: string): Promise<ConfigInput> {
  const given = input.plugins ?? [];
  const served = new Set(given.flatMap((plugin) => (plugin.kind === "store" ? plugin.protocols : [])));
  const unknown = [...protocolsOf(input)].filter((name) => !builtInProtocols.includes(name) && !served.has(name));
  if (unknown.length === 0) return input;
  const discovery = await discoverPlugins({ directory });
  const found = await Promise.all(unknown.map((protocol) => discovery.load("store", protocol)));
  return { ...input, plugins: [...given, ...found.filter((plugin) => plugin !== undefined)] };
}

/**
 * Reads the configuration of a project: options, then `DJ_*` variables, then `.secrets/`, then `datajoint.json`, then
 * defaults, decided per key. Opens no store and no database.
 * Throws `ConfigError`: `unreadable-file`, `malformed-file` with line and column, `invalid-config` with all problems.
 */
export async function loadConfig(options: LoadConfigOptions = {}): Promise<Config> {
  const environment = options.environment ?? process.env;
  const ignored = ignoresConfigFile({ options: options.options, environment });
  const start = resolve(options.directory ?? ".");
  const place = ignored ? { file: undefined, directory: start } : await placeOf(options);
  const text = place.file === undefined ? undefined : await readText(place.file);
  if (options.file !== undefined && !ignored && text === undefined) {
    throw new ConfigError("unreadable-file", `There is no configuration file ${place.file}`, {
      hint: "make one with writeTemplate, or leave the option out to look for datajoint.json",
    });
  }
  const parsed = place.file === undefined || text === undefined ? undefined : parseJson(text, place.file);
  const { secrets, warnings } = ignored ? { warnings: [] } : await readSecrets(place.directory);
  // Who says in code or in the environment what the stores are has not lost a file.
  const expected = !ignored && options.options === undefined && !environment["DJ_STORES"];
  const input: ConfigInput = {
    options: options.options,
    environment,
    secrets,
    file: place.file === undefined || parsed === undefined ? undefined : { path: place.file, content: parsed.value },
    directory: place.directory,
    plugins: options.plugins,
    realPath,
    warnings: [
      ...(parsed === undefined && expected ? [`no datajoint.json was found from ${start} upwards`] : []),
      ...(parsed?.comments === true ? [`${place.file}: has comments; DataJoint for Python ignores such a file`] : []),
      ...warnings,
    ],
  };
  return createConfig(options.discover === false ? input : await withPlugins(input, place.directory));
}
