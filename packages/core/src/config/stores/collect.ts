import type { StoreSpec } from "../../plugin/contract.ts";
import type { Resolved } from "../layers/layer.ts";
import { nameOf, shown } from "../report.ts";
import { type BuiltStore, buildStore, isStoreName, type StoreContext } from "./build.ts";
import { overlappingStores } from "./locations.ts";

/** Everything that the configuration says of stores. */
export interface BuiltStores {
  readonly stores: ReadonlyMap<string, BuiltStore>;
  readonly defaultStore: string | undefined;
  readonly filepathDefault: string | undefined;
}

interface Grouped {
  readonly leaves: Map<string, Resolved>;
  entry: Resolved;
}

function group(resolved: ReadonlyMap<string, Resolved>): ReadonlyMap<string, Grouped> {
  const stores = new Map<string, Grouped>();
  for (const [key, leaf] of resolved) {
    const [root, name = "", attribute] = key.split(".");
    if (root !== "stores" || (attribute === undefined && /^(?:filepath_)?default$/.test(name))) continue;
    const store = stores.get(name) ?? { leaves: new Map<string, Resolved>(), entry: leaf };
    stores.set(name, store);
    if (attribute === undefined) store.entry = leaf;
    else store.leaves.set(attribute, leaf);
  }
  return stores;
}

/** Names of all stores that any source mentions. */
export function storeNames(keys: Iterable<string>): ReadonlySet<string> {
  const names = [...keys].filter((key) => key.startsWith("stores.")).map((key) => key.split(".")[1] ?? "");
  return new Set(names.filter(isStoreName));
}

/** Builds every store, and checks what concerns them together: defaults and places that overlap. */
export function buildStores(
  resolved: ReadonlyMap<string, Resolved>,
  context: StoreContext,
  realPath: (path: string) => string,
): BuiltStores {
  const { problems, warnings } = context.report;
  const stores = new Map<string, BuiltStore>();
  const groups = group(resolved);
  const complete = [...groups].flatMap(([name, { leaves }]) => (leaves.has("protocol") ? [name] : []));
  for (const [name, { leaves, entry }] of groups) {
    if (isStoreName(name)) {
      stores.set(name, buildStore(name, leaves, entry, { ...context, complete }));
      continue;
    }
    const message = /^(?:filepath_)?default$/.test(name)
      ? `${name} names a store and can't be one`
      : `${shown(name)} can't be a store's name`;
    problems.push({
      key: entry.written,
      source: nameOf(entry.source),
      message,
      hint: "names are letters, digits, _ and -, and don't begin with a digit or -",
    });
  }

  function chosen(key: "default" | "filepath_default"): string | undefined {
    const leaf = resolved.get(`stores.${key}`);
    if (leaf === undefined) return undefined;
    const problem = (message: string, hint?: string): undefined => {
      problems.push({ key: leaf.written, source: nameOf(leaf.source), message, hint });
    };
    if (typeof leaf.value !== "string") {
      return problem(`stores.${key} must be a string, found ${shown(leaf.value)}`);
    }
    if (stores.has(leaf.value)) return leaf.value;
    return problem(
      `Storage '${leaf.value}' is requested but not configured in stores`,
      `configured: ${[...stores.keys()].join(", ") || "none"}`,
    );
  }

  const specs = new Map<string, StoreSpec>();
  for (const [name, { spec }] of stores) if (spec !== undefined) specs.set(name, spec);
  for (const { outer, inner, equal } of overlappingStores(specs, realPath)) {
    const leaf = resolved.get(`stores.${inner}.location`);
    problems.push({
      key: `stores.${inner}.location`,
      source: leaf === undefined ? "defaults" : nameOf(leaf.source),
      message: equal ? `is the location of store "${outer}" too` : `lies inside the location of store "${outer}"`,
      hint: "give each store a place of its own: one would take the other's objects for its own",
    });
  }
  const defaultStore = chosen("default");
  if (specs.size > 0 && !resolved.has("stores.default")) {
    warnings.push("stores.default is not configured: columns without a store name, such as <blob@>, can't be used");
  }
  return { stores, defaultStore, filepathDefault: chosen("filepath_default") };
}
