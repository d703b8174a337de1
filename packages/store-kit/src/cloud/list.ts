import type { ListOptions, ListPage, ObjectInfo } from "@mortise/core";
import { compareKeys } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { storeError } from "../errors.ts";
import type { CloudObject, CloudPage } from "./backend.ts";
import type { CloudContext } from "./context.ts";
import { keyOf } from "./context.ts";
import { infoOf } from "./info.ts";

/** What every provider gives in one page. */
const pageLimit = 1_000;

/** `list` of a cloud store: keys instead of names, nothing twice, nothing before `startAfter`, no page too long. */
export async function* listObjects(context: CloudContext, options: ListOptions): AsyncGenerator<ListPage> {
  const { prefix = "", startAfter = "", delimiter, pageSize = pageLimit, signal } = options;
  if (prefix.startsWith("_mortise/") || (startAfter > "" && isPast(prefix, startAfter))) return;
  const site = context.site("list");
  // A folder that `startAfter` is in: servers differ in whether they show it, so that it is asked for on its own.
  const within = delimiter === undefined ? undefined : folderOf(prefix, startAfter);
  const seen = new Set<string>();
  if (within !== undefined) {
    seen.add(within);
    if (await hasKeyAfter(context, within, startAfter, signal)) yield { objects: [], prefixes: [within] };
  }
  const { prefix: root } = context.backend;
  const pages = namePages(context, site, {
    prefix: root + prefix,
    delimiter,
    startAfter: compareKeys(startAfter, prefix) > 0 ? root + startAfter : undefined,
    limit: Math.min(pageSize, pageLimit),
    signal,
  });
  for await (const page of pages) {
    const objects = page.objects.flatMap((object) => shown(context, object));
    const prefixes = page.prefixes.flatMap((name) => {
      const common = name.slice(root.length);
      if (keyOf(context, name.slice(0, -1)) === undefined || common === "_mortise/" || seen.has(common)) return [];
      if (compareKeys(common, startAfter) <= 0) return [];
      seen.add(common);
      return [common];
    });
    yield* cut(objects, prefixes, pageSize);
  }
}

interface NameOptions {
  readonly prefix: string;
  readonly delimiter?: "/" | undefined;
  readonly startAfter?: string | undefined;
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The server's pages without repetitions and without what is not after `startAfter`. Throws `protocol` where they are out of
 * order, or show what was not asked for: who deletes by prefix would delete it.
 */
async function* namePages(
  { backend, retrier }: CloudContext,
  site: OperationSite,
  options: NameOptions,
): AsyncGenerator<CloudPage> {
  const { prefix, startAfter = "", signal } = options;
  let token: string | undefined;
  let last = "";
  do {
    const page = await retrier.run(() => backend.list({ ...options, site, token }), signal);
    const objects = page.objects.filter(({ name }) => {
      if (!name.startsWith(prefix)) throw notAsked(site, prefix, name);
      const order = compareKeys(name, last);
      if (order < 0) throw outOfOrder(site, last, name);
      last = name;
      return order > 0 && (startAfter === "" || compareKeys(name, startAfter) > 0);
    });
    for (const name of page.prefixes) if (!name.startsWith(prefix)) throw notAsked(site, prefix, name);
    yield { ...page, objects };
    if (page.next !== undefined && page.next === token) throw endless(site);
    token = page.next;
  } while (token !== undefined);
}

function shown(context: CloudContext, object: CloudObject): ObjectInfo[] {
  const key = keyOf(context, object.name);
  return key === undefined ? [] : [infoOf(key, object)];
}

/** Whether everything with this prefix comes before `startAfter`. */
function isPast(prefix: string, startAfter: string): boolean {
  return !startAfter.startsWith(prefix) && compareKeys(startAfter, prefix) > 0;
}

/** The folder directly below `prefix` that `startAfter` is in. */
function folderOf(prefix: string, startAfter: string): string | undefined {
  if (!startAfter.startsWith(prefix)) return undefined;
  const end = startAfter.indexOf("/", prefix.length);
  return end === -1 ? undefined : startAfter.slice(0, end + 1);
}

async function hasKeyAfter(
  context: CloudContext,
  prefix: string,
  startAfter: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  for await (const page of listObjects(context, { prefix, startAfter, pageSize: 10, signal })) {
    if (page.objects.length > 0) return true;
  }
  return false;
}

/** Pages of at most `size` entries, objects and prefixes together in order; no empty page. */
function* cut(objects: readonly ObjectInfo[], prefixes: readonly string[], size: number): Generator<ListPage> {
  const count = objects.length + prefixes.length;
  if (count === 0) return;
  if (count <= size) {
    yield { objects, prefixes };
    return;
  }
  const entries = [
    ...objects.map((info) => ({ name: info.key as string, info })),
    ...prefixes.map((name) => ({ name, info: undefined })),
  ].sort((left, right) => compareKeys(left.name, right.name));
  for (let start = 0; start < count; start += size) {
    const part = entries.slice(start, start + size);
    yield {
      objects: part.flatMap(({ info }) => (info === undefined ? [] : [info])),
      prefixes: part.flatMap(({ name, info }) => (info === undefined ? [name] : [])),
    };
  }
}

function outOfOrder(site: OperationSite, before: string, name: string): Error {
  return storeError(
    site,
    "protocol",
    `the server lists ${JSON.stringify(name)} after ${JSON.stringify(before)}, not in UTF-8 byte order`,
    { hint: "who merges listings would take objects for missing: report it to the server's maintainers" },
  );
}

function notAsked(site: OperationSite, prefix: string, name: string): Error {
  return storeError(
    site,
    "protocol",
    `the server lists ${JSON.stringify(name)} where the prefix is ${JSON.stringify(prefix)}`,
    { hint: "it ignores prefixes: report it to the server's maintainers" },
  );
}

function endless(site: OperationSite): Error {
  return storeError(site, "protocol", "the server gives the same page again and again");
}
