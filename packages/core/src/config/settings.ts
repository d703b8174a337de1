import type { ConfigKey, DatabasePluginBase } from "../plugin/contract.ts";
import { toPath } from "../urls/url.ts";
import { WrongValue } from "./coerce.ts";
import { settingKeys } from "./keys/settings.ts";
import { inOwnBlock, type Resolved } from "./layers/layer.ts";
import { nameOf, type Report } from "./report.ts";
import { typedValue } from "./stores/build.ts";
import { didYouMean } from "./suggest.ts";

/** Backends that DataJoint for Python knows, with their ports. */
const ports: Readonly<Record<string, number>> = { mysql: 3306, postgresql: 5432 };
const defaultFile = ".mortise/database.sqlite";

/** Core's settings and those that database plugins add, by dotted name. */
export function settingTable(databases: readonly DatabasePluginBase[]): ReadonlyMap<string, ConfigKey> {
  const table = new Map<string, ConfigKey>(settingKeys.map((key) => [key.name, key]));
  for (const { keys } of databases) {
    for (const key of keys) {
      const name = `database.${key.name}`;
      if (!table.has(name)) table.set(name, { ...key, name });
    }
  }
  return table;
}

/** The configured settings in their types, without defaults; wrong ones go to the report. */
export function readSettings(
  resolved: ReadonlyMap<string, Resolved>,
  table: ReadonlyMap<string, ConfigKey>,
  report: Report,
): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const [name, key] of table) {
    const leaf = resolved.get(name);
    if (leaf === undefined) continue;
    const problem = (message: string, hint?: string): void => {
      report.problems.push({ key: leaf.written, source: nameOf(leaf.source), message, hint });
    };
    if (key.mortiseOnly === true && leaf.shared) {
      problem("DataJoint for Python refuses this key", `write it as mortise.${name}`);
    } else if (key.mortiseOnly !== true && inOwnBlock(leaf) && !name.startsWith("database.")) {
      problem("does not belong in the mortise block", `write it as ${name}`);
    }
    try {
      // Python reads numbers and truth values from text in the file as well.
      const value = typedValue(key, leaf, leaf.source.kind !== "option");
      if (value !== undefined) values.set(name, value);
    } catch (error) {
      if (!(error instanceof WrongValue)) throw error;
      problem(error.message);
    }
  }
  return values;
}

/** Which backend is meant where none is named: a SQLite file, unless a server is named (as Python, `mysql`). */
function impliedBackend(values: ReadonlyMap<string, unknown>): string {
  if (values.has("database.file")) return "sqlite";
  return ["host", "user", "port"].some((key) => values.has(`database.${key}`)) ? "mysql" : "sqlite";
}

/** Adds what follows from the backend: its name, the port, the absolute file of SQLite. */
export function completeDatabase(
  values: Map<string, unknown>,
  resolved: ReadonlyMap<string, Resolved>,
  databases: readonly DatabasePluginBase[],
  directory: string,
  report: Report,
): void {
  const leaf = resolved.get("database.backend");
  const backend = values.get("database.backend") ?? impliedBackend(values);
  values.set("database.backend", backend);
  const known = new Set([...Object.keys(ports), "sqlite", ...databases.flatMap((plugin) => plugin.backends)]);
  if (leaf !== undefined && typeof backend === "string") {
    const { written } = leaf;
    const source = nameOf(leaf.source);
    if (!known.has(backend)) {
      const message = `unknown backend "${backend}"`;
      report.problems.push({ key: written, source, message, hint: didYouMean(backend, known) });
    } else if (leaf.source.kind === "file" && leaf.shared && !Object.hasOwn(ports, backend)) {
      const message = `DataJoint for Python refuses the backend "${backend}"`;
      report.problems.push({ key: written, source, message, hint: "write it as mortise.database.backend" });
    }
  }
  if (backend === "sqlite") {
    const file = values.get("database.file") ?? defaultFile;
    values.set("database.file", file === ":memory:" ? file : toPath(String(file), directory));
  } else if (!values.has("database.port") && Object.hasOwn(ports, String(backend))) {
    values.set("database.port", ports[String(backend)]);
  }
  const port = values.get("database.port");
  if (typeof port === "number" && (port < 1 || port > 65_535)) {
    const source = nameOf(resolved.get("database.port")?.source ?? { kind: "default", name: "" });
    report.problems.push({ key: "database.port", source, message: `must be 1 to 65535, found ${port}` });
  }
}

/** The settings that the backend's driver gets, without the group's name; SQLite has no server's. */
export function databaseSettings(
  values: ReadonlyMap<string, unknown>,
  table: ReadonlyMap<string, ConfigKey>,
): { readonly backend: string; readonly [key: string]: unknown } {
  const backend = String(values.get("database.backend"));
  const server = new Set(["host", "port", "user", "password", "name", "use_tls", "reconnect"]);
  const result: { backend: string; [key: string]: unknown } = { backend };
  for (const [dotted, key] of table) {
    if (!dotted.startsWith("database.")) continue;
    const name = dotted.slice("database.".length);
    if (name === "file" ? backend !== "sqlite" : backend === "sqlite" && server.has(name)) continue;
    const value = values.get(dotted) ?? key.default;
    if (value !== undefined && value !== null) result[name] = value;
  }
  return Object.freeze(result);
}
