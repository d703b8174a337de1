import type { ListOptions, ListPage, ObjectInfo } from "@mortise/core";
import { compareKeys } from "@mortise/core";
import type { MemoryContent } from "./content.ts";
import { infoOf } from "./content.ts";

/** The pages of a listing: sorted once, so that what is put meanwhile is not shown. */
export function* listPages(content: MemoryContent, options: ListOptions): Generator<ListPage> {
  const { prefix = "", startAfter = "", delimiter, pageSize = 1_000 } = options;
  const keys = [...content.objects.keys()]
    .filter((key) => key.startsWith(prefix) && compareKeys(key, startAfter) > 0 && !key.startsWith("_mortise/"))
    .sort(compareKeys);
  let objects: ObjectInfo[] = [];
  let prefixes: string[] = [];
  let last: string | undefined;
  for (const key of keys) {
    const end = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
    const common = end === -1 ? undefined : key.slice(0, end + 1);
    if (common !== undefined && common === last) continue;
    last = common;
    const object = content.objects.get(key);
    if (common !== undefined) prefixes.push(common);
    else if (object !== undefined) objects.push(infoOf(key, object));
    if (objects.length + prefixes.length < pageSize) continue;
    yield { objects, prefixes };
    objects = [];
    prefixes = [];
  }
  if (objects.length + prefixes.length > 0) yield { objects, prefixes };
}
