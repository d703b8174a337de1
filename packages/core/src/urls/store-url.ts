import { ValueError } from "../errors.ts";
import { parseKey } from "../keys/parse-key.ts";
import type { StoreSpec } from "../plugin/contract.ts";
import { normalizePrefix } from "./location.ts";
import { encodePath, isAbsolutePath } from "./paths.ts";
import { fileUrl, isUrl, parseUrl, toPath } from "./url.ts";

function text(spec: StoreSpec, key: string): string {
  const value = spec[key];
  return typeof value === "string" ? value : "";
}

/** The store's place as its protocol writes it, unencoded: a folder, or `bucket/location`. */
function rawBase(spec: StoreSpec): { readonly scheme: string; readonly path: string } {
  const location = text(spec, "location");
  const below = (root: string): string => normalizePrefix(`${text(spec, root)}/${location}`);
  if (spec.protocol === "file") return { scheme: "file", path: toPath(location) };
  if (spec.protocol === "s3") return { scheme: "s3", path: below("bucket") };
  if (spec.protocol === "gcs") return { scheme: "gs", path: below("bucket") };
  if (spec.protocol === "azure") return { scheme: "az", path: below("container") };
  return { scheme: spec.protocol, path: normalizePrefix(location) };
}

/** The percent-encoded URL of a store's root, without a slash at its end (storage specification §4). */
export function storeBaseUrl(spec: StoreSpec): string {
  const { scheme, path } = rawBase(spec);
  const url = scheme === "file" ? fileUrl(path) : `${scheme}://${encodePath(path)}`;
  return url.replace(/(?<=[^/])\/$/, "");
}

/**
 * The percent-encoded URL of a key. Throws a store error `invalid-key` for what is no key: an absolute path or `..`
 * would name something outside the store.
 */
export function storeUrl(spec: StoreSpec, key: string): string {
  const path = encodePath(parseKey(key, { operation: "url" }));
  const base = storeBaseUrl(spec);
  return base.endsWith("/") ? base + path : `${base}/${path}`;
}

/**
 * The path inside the store that a URL or absolute path means; a relative path is returned as it is. `store` is its spec
 * or its `baseUrl`. Textual: whether a symbolic link leads out of the folder is the store's to check.
 * Throws a value error `outside-store`, and what `parseUrl` throws.
 */
export function pathInStore(store: StoreSpec | string, pathOrUrl: string): string {
  const url = typeof store === "string" ? store : storeBaseUrl(store);
  const base = isUrl(url) ? parseUrl(url) : undefined;
  const local = base?.protocol === "file";
  if (!isUrl(pathOrUrl) && !(local && isAbsolutePath(pathOrUrl))) return pathOrUrl;
  const { protocol, path } = isUrl(pathOrUrl) ? parseUrl(pathOrUrl) : { protocol: "file", path: toPath(pathOrUrl) };
  const root = `${base?.path.replace(/\/$/, "")}/`;
  if (protocol === base?.protocol && path.startsWith(root)) return path.slice(root.length);
  throw new ValueError("outside-store", `${JSON.stringify(pathOrUrl)} lies outside the store at ${url}`);
}
