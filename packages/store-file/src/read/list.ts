import type { ListOptions, ListPage, ObjectInfo, ObjectKey } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { systemError } from "../errors.ts";
import { infoOf } from "../etag.ts";
import type { Layout } from "../root/layout.ts";
import { codeOf, stat } from "../syscalls.ts";
import type { Entry } from "./walk.ts";
import { walk } from "./walk.ts";

const defaultPageSize = 1_000;

/** Pages of the walk with what is known of each file; `_mortise/` is never among them. */
export async function* listObjects(
  layout: Layout,
  site: OperationSite,
  options: ListOptions,
): AsyncGenerator<ListPage> {
  const { prefix = "", startAfter = "", delimiter, pageSize = defaultPageSize, signal } = options;
  if (prefix.startsWith("_mortise/")) return;
  try {
    let page: Entry[] = [];
    for await (const entry of walk(layout, { prefix, startAfter, shallow: delimiter !== undefined })) {
      signal?.throwIfAborted();
      page.push(entry);
      if (page.length < pageSize) continue;
      yield await describe(layout, page);
      page = [];
    }
    if (page.length > 0) yield await describe(layout, page);
  } catch (error) {
    throw systemError(site, error);
  }
}

async function describe(layout: Layout, entries: readonly Entry[]): Promise<ListPage> {
  const prefixes = entries.flatMap((entry) => ("prefix" in entry ? [entry.prefix] : []));
  const keys = entries.flatMap((entry) => ("key" in entry ? [entry.key] : []));
  const found = await Promise.all(keys.map((key) => look(layout, key)));
  return { objects: found.filter((info) => info !== undefined), prefixes };
}

/** Undefined for what was deleted since its folder was read. */
async function look(layout: Layout, key: ObjectKey): Promise<ObjectInfo | undefined> {
  try {
    return infoOf(key, await stat(layout.pathOf({ operation: "list", store: "" }, key)));
  } catch (error) {
    if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
    throw error;
  }
}
