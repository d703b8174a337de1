import { PluginError } from "../errors.ts";
import { apiVersion, type Plugin } from "../plugin/contract.ts";
import { coreOrigin } from "./copies.ts";
import { packageOf } from "./known-packages.ts";

const codecName = /^[a-z][a-z0-9_]*$/;
const members: Readonly<
  Record<Plugin["kind"], { readonly functions: readonly string[]; readonly lists: readonly string[] }>
> = {
  store: { functions: ["open"], lists: ["protocols", "urlSchemes", "keys"] },
  codec: { functions: ["storageType", "accept", "encode", "decode", "references"], lists: [] },
  database: { functions: [], lists: ["backends", "keys"] },
};

/** What is wrong with the shape of a plugin, as the end of a sentence. */
function shapeProblem(plugin: Readonly<Record<string, unknown>>): string | undefined {
  const { kind, name, origin } = plugin;
  if (typeof name !== "string" || name === "")
    return `its name must be a non-empty string, found ${JSON.stringify(name)}`;
  if (typeof origin !== "string" || origin === "") return "its origin must be the import.meta.url of its module";
  if (kind !== "store" && kind !== "codec" && kind !== "database") {
    return `its kind must be "store", "codec" or "database", found ${JSON.stringify(kind)}`;
  }
  if (kind === "codec" && !codecName.test(name)) return `a codec's name must match ${codecName.source}`;
  for (const member of members[kind].functions) {
    if (typeof plugin[member] !== "function") return `a ${kind} plugin needs the method ${member}`;
  }
  for (const member of members[kind].lists) {
    if (!Array.isArray(plugin[member])) return `a ${kind} plugin needs the list ${member}`;
  }
  const names = kind === "store" ? plugin.protocols : kind === "database" ? plugin.backends : [name];
  const good =
    Array.isArray(names) && names.length > 0 && names.every((text) => typeof text === "string" && text !== "");
  return good
    ? undefined
    : `its ${kind === "store" ? "protocols" : "backends"} must be non-empty strings, at least one`;
}

function isPluginLike(value: unknown): boolean {
  return typeof value === "object" && value !== null && "apiVersion" in value;
}

/** Throws `PluginError`: `invalid-plugin` or, for another version of the contracts, `api-version`. */
export function checkPlugin(plugin: unknown): asserts plugin is Plugin {
  if (typeof plugin !== "object" || plugin === null) {
    throw new PluginError(
      "invalid-plugin",
      `a plugin must be an object, found ${plugin === null ? "null" : typeof plugin}`,
      {
        hint: 'Give the plugin itself: import { fileStore } from "@mortise/store-file".',
      },
    );
  }
  const record = plugin as Readonly<Record<string, unknown>>;
  const origin = typeof record.origin === "string" ? record.origin : "";
  const label = `plugin ${JSON.stringify(record.name)}${origin === "" ? "" : ` of ${packageOf(origin)}`}`;
  // Before its shape: what another version must look like is not for this one to judge.
  if (typeof record.apiVersion === "number" && record.apiVersion !== apiVersion) {
    const [older, newer] = record.apiVersion < apiVersion ? [label, "@mortise/core"] : ["@mortise/core", label];
    throw new PluginError(
      "api-version",
      `${label} is made for version ${record.apiVersion} of the plugin contracts, @mortise/core (${coreOrigin}) has version ${apiVersion}`,
      { hint: `Update ${older} to a release that fits ${newer}.` },
    );
  }
  const problem = record.apiVersion === undefined ? "it has no apiVersion" : shapeProblem(record);
  if (problem === undefined) return;
  const inside = Object.keys(record).filter((name) => isPluginLike(record[name]));
  throw new PluginError("invalid-plugin", `${label} can't be used: ${problem}`, {
    hint:
      inside.length === 0
        ? undefined
        : `this is a whole module; give the plugin in it, its export ${inside.join(" or ")}`,
  });
}
