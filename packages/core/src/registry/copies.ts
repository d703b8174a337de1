/**
 * Two copies of this package in one process: each notes its origin in one list on `globalThis`. That alone is no error,
 * two libraries may each have their own; it is one when a plugin made with the other copy comes into our registry.
 */
import { apiVersion, type Plugin } from "../plugin/contract.ts";

const listKey = Symbol.for("mortise.core.copies.v1");
const stampsKey = Symbol.for("mortise.core.stamps.v1");

/** One loaded copy of `@mortise/core`. */
export interface CoreCopy {
  readonly origin: string;
  readonly apiVersion: number;
}

interface Shared {
  [listKey]?: CoreCopy[];
  [stampsKey]?: WeakMap<object, string>;
}

const shared = globalThis as Shared;
shared[listKey] ??= [];
shared[stampsKey] ??= new WeakMap();

const copies = shared[listKey];
const stamps = shared[stampsKey];

/** Test runners and development servers load one file under several queries; that is still one copy. */
function fileOf(origin: string): string {
  return origin.replace(/[?#].*$/, "");
}

/** Where this copy was loaded from. */
export const coreOrigin: string = import.meta.url;

if (!copies.some((copy) => fileOf(copy.origin) === fileOf(coreOrigin))) copies.push({ origin: coreOrigin, apiVersion });

/**
 * Marks a plugin as made with this copy of core, so that a project of another copy can tell. Wrap the exported constant:
 * `export const s3Store = definePlugin({ kind: "store", … })`.
 */
export function definePlugin<const P extends Plugin>(plugin: P): P {
  if (!stamps.has(plugin)) stamps.set(plugin, coreOrigin);
  return plugin;
}

/** The folder whose `node_modules` a copy was installed in; undefined for a copy outside of any. */
function home(origin: string): string | undefined {
  const end = fileOf(origin).lastIndexOf("/node_modules/@mortise/core/");
  return end < 0 ? undefined : origin.slice(0, end + 1);
}

/**
 * The other copy that `plugin` was made with, undefined if it is ours. A plugin without a stamp is given to the copy that
 * Node would resolve from its place: the nearest `node_modules` above it. Where that can't be told, and only then, any
 * other copy counts: a wrong copy that goes unnoticed is worse than an error that names both.
 */
export function foreignCore(plugin: Plugin): string | undefined {
  const other = copies.find((copy) => fileOf(copy.origin) !== fileOf(coreOrigin));
  if (other === undefined) return undefined;
  const stamp = stamps.get(plugin);
  if (stamp !== undefined) return fileOf(stamp) === fileOf(coreOrigin) ? undefined : stamp;
  let nearest: { readonly origin: string; readonly depth: number } | undefined;
  for (const { origin } of copies) {
    const folder = home(origin);
    if (folder === undefined || !plugin.origin.startsWith(folder)) continue;
    if (folder.length > (nearest?.depth ?? 0)) nearest = { origin, depth: folder.length };
  }
  const found = nearest?.origin ?? other.origin;
  return fileOf(found) === fileOf(coreOrigin) ? undefined : found;
}
