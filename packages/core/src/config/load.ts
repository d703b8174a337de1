import type { ConfigKey, DatabasePluginBase, Plugin } from "../plugin/contract.ts";
import { parseBoolean } from "./coerce.ts";
import type { ConfigEntry, ConfigSource } from "./contract.ts";
import { storeKeys } from "./keys/stores.ts";
import { type Environment, environmentLayer, environmentObjects } from "./layers/environment.ts";
import { type FileContent, fileLayers } from "./layers/file.ts";
import { inOwnBlock, type Layer, type Resolved, resolveLayers } from "./layers/layer.ts";
import { recordLayers } from "./layers/record.ts";
import { type SecretTexts, secretLayer } from "./layers/secrets.ts";
import { nameOf, type Report, throwProblems } from "./report.ts";
import { isSecret } from "./secret.ts";
import { completeDatabase, databaseSettings, readSettings, settingTable } from "./settings.ts";
import { type BuiltStores, buildStores, storeNames } from "./stores/collect.ts";

/** What a configuration is made from; precedence is options, environment, secrets, file, defaults, per key. */
export interface ConfigInput {
  /** Keys nested or dotted, as in the file. A nested `stores`, or one store in it, replaces what lower sources say of it. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  readonly environment?: Environment | undefined;
  readonly secrets?: SecretTexts | undefined;
  readonly file?: FileContent | undefined;
  /** Absolute folder that relative paths are below. Default `/`. */
  readonly directory?: string | undefined;
  /** Bring the key tables of their protocols and backends. */
  readonly plugins?: readonly Plugin[] | undefined;
  /** Resolves symbolic links, so that two names of one folder are seen to be one. Default: the path itself. */
  readonly realPath?: ((path: string) => string) | undefined;
  /** Warnings of whoever read the sources. */
  readonly warnings?: readonly string[] | undefined;
}

/** A configuration that was read and found usable. */
export interface Loaded extends BuiltStores {
  readonly resolved: ReadonlyMap<string, Resolved>;
  readonly settings: ReadonlyMap<string, unknown>;
  readonly table: ReadonlyMap<string, ConfigKey>;
  readonly database: { readonly backend: string; readonly [key: string]: unknown };
  readonly warnings: readonly string[];
  readonly entries: readonly ConfigEntry[];
}

/** Whether a configuration file and secrets are to be ignored. Throws for a variable that is neither true nor false. */
export function ignoresConfigFile(input: Pick<ConfigInput, "options" | "environment">): boolean {
  const option = input.options?.["ignore_config_file"];
  if (typeof option === "boolean") return option;
  for (const [name, value] of Object.entries(input.environment ?? {})) {
    if (name.toUpperCase() !== "DJ_IGNORE_CONFIG_FILE" || value === undefined || value === "") continue;
    const ignored = parseBoolean(value);
    if (ignored !== undefined) return ignored;
    const source = nameOf({ kind: "environment", name });
    throwProblems("invalid-config", [{ key: name, source, message: `must be true or false, found "${value}"` }]);
  }
  return false;
}

function layersOf(
  input: ConfigInput,
  overrides: readonly Readonly<Record<string, unknown>>[],
  report: Report,
  extra: { readonly settings: ReadonlySet<string>; readonly stores: readonly string[] },
): readonly Layer[] {
  const source: ConfigSource = { kind: "option", name: "" };
  const options = [...overrides, input.options ?? {}].flatMap((record) =>
    recordLayers(record, { source, report, strict: true, extra: extra.settings }),
  );
  const ignored = ignoresConfigFile(input);
  const environment = input.environment ?? {};
  const objects = environmentObjects(environment, report);
  const file = input.file === undefined || ignored ? [] : fileLayers(input.file, report, extra.settings);
  // In the file this switch turns off the secrets only: the file itself has been read by then.
  const noSecrets = ignored || file.some((layer) => layer.leaves.get("ignore_config_file")?.value === true);
  const secrets = input.secrets === undefined || noSecrets ? [] : [secretLayer(input.secrets)];
  const others = [...options, ...objects, ...secrets, ...file];
  const names = storeNames(resolveLayers(others).keys());
  const single = environmentLayer(environment, report, names, extra.stores);
  return [...options, single, ...objects, ...secrets, ...file];
}

function warnOfShadows(resolved: ReadonlyMap<string, Resolved>, report: Report): void {
  for (const [key, leaf] of resolved) {
    if (leaf.source.kind !== "secret") continue;
    const hidden = leaf.shadows.find(({ source, value }) => source.kind === "file" && String(value) !== leaf.value);
    if (hidden === undefined) continue;
    report.warnings.push(
      `${key}: ${nameOf(leaf.source)} has another value than ${nameOf(hidden.source)}; ` +
        "DataJoint for Python uses the file's",
    );
  }
}

function entriesOf(loaded: Omit<Loaded, "entries">): readonly ConfigEntry[] {
  const entries: ConfigEntry[] = [];
  function add(key: string, value: unknown): void {
    if (value === undefined) return;
    const leaf = loaded.resolved.get(key);
    const given = leaf?.value !== null && leaf !== undefined;
    const source: ConfigSource = given ? leaf.source : { kind: "default", name: "" };
    const hidden = isSecret(value) || source.kind === "secret";
    const shadows = (leaf?.shadows ?? []).map((shadow) => shadow.source);
    entries.push({ key, value: hidden ? "[secret]" : value, source, shadows });
  }
  for (const [name, key] of loaded.table) {
    const [group, setting = ""] = name.split(".");
    // A server's defaults mean nothing to an embedded database.
    const used = group !== "database" || loaded.resolved.has(name) || Object.hasOwn(loaded.database, setting);
    if (used) add(name, loaded.settings.get(name) ?? key.default);
  }
  add("stores.default", loaded.defaultStore);
  add("stores.filepath_default", loaded.filepathDefault);
  for (const [name, { given, spec }] of loaded.stores) {
    for (const [key, value] of spec === undefined ? given : Object.entries(spec)) add(`stores.${name}.${key}`, value);
  }
  return entries;
}

/** Reads all sources. Throws `ConfigError` `invalid-config` with every problem there is. */
export function loadSources(input: ConfigInput, overrides: readonly Readonly<Record<string, unknown>>[]): Loaded {
  const report: Report = { problems: [], warnings: [...(input.warnings ?? [])] };
  const directory = input.directory ?? "/";
  const databases = (input.plugins ?? []).filter((plugin): plugin is DatabasePluginBase => plugin.kind === "database");
  const plugins = new Map<string, readonly ConfigKey[]>();
  for (const plugin of input.plugins ?? []) {
    if (plugin.kind !== "store") continue;
    for (const protocol of plugin.protocols) plugins.set(protocol.toLowerCase(), plugin.keys);
  }
  const table = settingTable(databases);
  const layers = layersOf(input, overrides, report, {
    settings: new Set(table.keys()),
    stores: [...plugins].flatMap(([protocol, keys]) => [...storeKeys(protocol, keys).keys()]),
  });
  const resolved = resolveLayers(layers);
  warnOfShadows(resolved, report);
  const settings = readSettings(resolved, table, report);
  completeDatabase(settings, resolved, databases, directory, report);
  const built = buildStores(resolved, { report, directory, plugins }, input.realPath ?? ((path) => path));
  throwProblems("invalid-config", report.problems);
  const loaded = {
    ...built,
    resolved,
    settings,
    table,
    database: databaseSettings(settings, table),
    warnings: report.warnings,
  };
  return { ...loaded, entries: entriesOf(loaded) };
}

/** The protocols that the sources name, whether known or not, without checking anything else. */
export function protocolsOf(input: ConfigInput): ReadonlySet<string> {
  const ignored: Report = { problems: [], warnings: [] };
  const resolved = resolveLayers(layersOf(input, [], ignored, { settings: new Set(), stores: [] }));
  const named = [...resolved].filter(([key, leaf]) => /^stores\.[^.]+\.protocol$/.test(key) && !inOwnBlock(leaf));
  return new Set(named.map(([, leaf]) => String(leaf.value).trim().toLowerCase()));
}
