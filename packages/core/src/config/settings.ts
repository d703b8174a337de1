import { ValueError } from "../errors.ts";
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

/** The absolute file of SQLite; what is wrong with it goes to `problem`. */
function databaseFile(value: unknown, directory: string, problem: (message: string) => void): string {
  const file = typeof value === "string" ? value : defaultFile;
  if (file === "") problem("must not be empty");
  if (file === ":memory:") return file;
  try {
    return toPath(file, directory);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    problem(error.message);
    return file;
  }
}

/** Adds what follows from the backend: its name, the port, the absolute file of SQLite. */
export function completeDatabase(
  values: Map<string, unknown>,
  resolved: ReadonlyMap<string, Resolved>,
  databases: readonly DatabasePluginBase[],
  directory: string,
  report: Report,
): void {
  function problem(name: string, message: string, hint?: string): void {
    const leaf = resolved.get(name);
    const source = nameOf(leaf?.source ?? { kind: "default", name: "" });
    report.problems.push({ key: leaf?.written ?? name, source, message, hint });
  }
  const named = values.get("database.backend");
  const backend = typeof named === "string" ? named : impliedBackend(values);
  values.set("database.backend", backend);
  const known = new Set([...Object.keys(ports), "sqlite", ...databases.flatMap((plugin) => plugin.backends)]);
  const leaf = resolved.get("database.backend");
  if (!known.has(backend)) {
    problem("database.backend", `unknown backend "${backend}"`, didYouMean(backend, known));
  } else if (leaf?.source.kind === "file" && leaf.shared && !Object.hasOwn(ports, backend)) {
    const message = `DataJoint for Python refuses the backend "${backend}"`;
    problem("database.backend", message, "write it as mortise.database.backend");
  }
  if (backend === "sqlite") {
    const file = databaseFile(values.get("database.file"), directory, (message) => problem("database.file", message));
    values.set("database.file", file);
  } else if (!values.has("database.port") && Object.hasOwn(ports, backend)) {
    values.set("database.port", ports[backend]);
  }
  const port = values.get("database.port");
  if (typeof port === "number" && (port < 1 || port > 65_535)) {
    problem("database.port", `must be 1 to 65535, found ${port}`);
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
