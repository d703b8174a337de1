import { compareKeys } from "@mortise/core";
import type { CloudListing, CloudObject, CloudPage } from "../cloud/backend.ts";

/** A server's page: what a delimiter rolls up counts for the limit; the start is exclusive, the token a name. */
export function listNames(
  objects: ReadonlyMap<string, { readonly object: CloudObject }>,
  call: CloudListing,
): CloudPage {
  const after = call.token ?? call.startAfter ?? "";
  const names = [...objects.keys()]
    .filter((name) => name.startsWith(call.prefix) && compareKeys(name, after) > 0)
    .sort(compareKeys);
  const found: CloudObject[] = [];
  const prefixes: string[] = [];
  let last = "";
  for (const name of names) {
    const end = call.delimiter === undefined ? -1 : name.indexOf(call.delimiter, call.prefix.length);
    const common = end === -1 ? undefined : name.slice(0, end + 1);
    if (common !== undefined && common === prefixes.at(-1)) {
      last = name;
      continue;
    }
    if (found.length + prefixes.length >= call.limit) return { objects: found, prefixes, next: last };
    last = name;
    const object = objects.get(name)?.object;
    if (common !== undefined) prefixes.push(common);
    else if (object !== undefined) found.push(object);
  }
  return { objects: found, prefixes };
}
