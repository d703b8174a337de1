import type { ConfigSource } from "../contract.ts";
import { settingKeys } from "../keys/settings.ts";
import { commonStoreKeys, protocolKeys } from "../keys/stores.ts";
import { kindOf, nameOf, type Report } from "../report.ts";
import type { Layer, Leaf } from "./layer.ts";
import { isRecord, recordLayers } from "./record.ts";

/** Variables by name; empty ones count as unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

interface Variable {
  readonly name: string;
  readonly value: string;
}

const groups = ["database", "connection", "display", "jobs"];
const storePrefix = "DJ_STORES__";

function folded(name: string): string {
  return name.replaceAll("-", "_").toUpperCase();
}

/** The `DJ_*` variables by upper-case name; two spellings with two values are a problem, not a choice. */
function variables(environment: Environment, report: Report): ReadonlyMap<string, Variable> {
  const found = new Map<string, Variable>();
  for (const [name, value] of Object.entries(environment)) {
    const upper = name.toUpperCase();
    if (!upper.startsWith("DJ_") || value === undefined || value === "") continue;
    const other = found.get(upper);
    if (other !== undefined && other.value !== value) {
      const message = `ambiguous: ${other.name} and ${name} have different values`;
      report.problems.push({ key: upper, source: "environment", message });
    }
    found.set(upper, { name, value });
  }
  return found;
}

function objectOf(variable: Variable, report: Report): Readonly<Record<string, unknown>> | undefined {
  const source = nameOf({ kind: "environment", name: variable.name });
  let value: unknown;
  try {
    value = JSON.parse(variable.value);
  } catch (error) {
    const cause = error instanceof Error ? error.name : "error";
    report.problems.push({ key: variable.name, source, message: `${variable.name} is invalid JSON (${cause})` });
    return undefined;
  }
  if (isRecord(value)) return value;
  report.problems.push({
    key: variable.name,
    source,
    message: `${variable.name} must be a JSON object, found ${kindOf(value)}`,
  });
  return undefined;
}

/** `DJ_STORES` and the variables that hold a whole group; `DJ_STORES` replaces the file's stores. */
export function environmentObjects(environment: Environment, report: Report): readonly Layer[] {
  const found = variables(environment, { problems: [], warnings: [] });
  return ["stores", ...groups].flatMap((group) => {
    const variable = found.get(`DJ_${group.toUpperCase()}`);
    const value = variable === undefined ? undefined : objectOf(variable, report);
    if (variable === undefined || value === undefined) return [];
    const source: ConfigSource = { kind: "environment", name: variable.name };
    return recordLayers({ [group]: value }, { source, report });
  });
}

/** Which store and key `MAIN__SECRET_KEY` means: the store's name may itself hold `__`, so known names decide. */
function storeKey(rest: string, stores: ReadonlySet<string>, keys: readonly string[]): readonly string[] {
  const parts = rest.split("__");
  if (parts.length === 1) return [`stores.${rest.toLowerCase()}`];
  const matches: string[] = [];
  for (let cut = 1; cut < parts.length; cut++) {
    const store = folded(parts.slice(0, cut).join("__"));
    const key = folded(parts.slice(cut).join("__"));
    const attributes = keys.filter((name) => folded(name) === key);
    if (attributes.length === 0) attributes.push(key.toLowerCase());
    for (const name of stores) {
      if (folded(name) === store) matches.push(...attributes.map((attribute) => `stores.${name}.${attribute}`));
    }
  }
  if (matches.length > 0 || parts.length > 2) return matches;
  return [`stores.${(parts[0] ?? "").toLowerCase()}.${(parts[1] ?? "").toLowerCase()}`];
}

/** Variables that set one key each; `stores` are the names that lower sources have, `extra` the keys of plugins. */
export function environmentLayer(
  environment: Environment,
  report: Report,
  stores: ReadonlySet<string>,
  extra: readonly string[],
): Layer {
  const leaves = new Map<string, Leaf>();
  const found = variables(environment, report);
  const keys = [
    ...new Set([...[commonStoreKeys, ...Object.values(protocolKeys)].flat().map((key) => key.name), ...extra]),
  ];
  for (const { name: key, env } of settingKeys) {
    const variable = env === undefined ? undefined : found.get(env);
    if (variable === undefined) continue;
    leaves.set(key, {
      value: variable.value,
      source: { kind: "environment", name: variable.name },
      written: key,
      shared: false,
    });
  }
  for (const [upper, { name, value }] of found) {
    if (!upper.startsWith(storePrefix)) continue;
    const matches = storeKey(name.slice(storePrefix.length), stores, keys);
    const [key] = matches;
    if (key !== undefined && matches.length === 1) {
      leaves.set(key, { value, source: { kind: "environment", name }, written: key, shared: false });
    } else {
      const message =
        key === undefined
          ? `names no store; there are: ${[...stores].join(", ") || "none"}`
          : `ambiguous: could mean ${matches.join(" or ")}`;
      report.problems.push({ key: name, source: nameOf({ kind: "environment", name }), message });
    }
  }
  return { leaves, replaces: [], replaceable: false };
}
