import type { ReadAccess } from "@mortise/core";

/** One file of a folder. */
export interface FolderFile {
  /** Relative to where the listing began. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** One folder of a walk, top-down; the root is `""`. */
export interface WalkEntry {
  readonly directory: string;
  readonly directories: readonly string[];
  readonly files: readonly string[];
}

export interface ListingOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Every file below the prefix, in UTF-8 byte order, a page at a time. */
export async function* filesBelow(
  objects: ReadAccess,
  prefix: string,
  options: ListingOptions = {},
): AsyncGenerator<FolderFile, void, undefined> {
  for await (const page of objects.list({ prefix, signal: options.signal })) {
    for (const info of page.objects) yield { path: info.key.slice(prefix.length), size: info.size };
  }
}

/** Names of one level: files first, then folders, each in byte order. */
export async function namesAt(
  objects: ReadAccess,
  prefix: string,
  options: ListingOptions = {},
): Promise<{ readonly files: readonly string[]; readonly directories: readonly string[] }> {
  const files: string[] = [];
  const directories = new Set<string>();
  for await (const page of objects.list({ prefix, delimiter: "/", signal: options.signal })) {
    for (const info of page.objects) files.push(info.key.slice(prefix.length));
    for (const name of page.prefixes) directories.add(name.slice(prefix.length, -1));
  }
  return { files, directories: [...directories] };
}

/** Top-down, one level listed at a time, so that a caller who stops early lists no more than it saw. */
export async function* walkBelow(
  objects: ReadAccess,
  prefix: string,
  options: ListingOptions = {},
): AsyncGenerator<WalkEntry, void, undefined> {
  const pending = [""];
  for (let directory = pending.pop(); directory !== undefined; directory = pending.pop()) {
    const here = directory === "" ? prefix : `${prefix}${directory}/`;
    const { files, directories } = await namesAt(objects, here, options);
    yield { directory, directories, files };
    for (const name of [...directories].reverse()) pending.push(directory === "" ? name : `${directory}/${name}`);
  }
}
