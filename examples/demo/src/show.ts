import type { ObjectStore } from "@mortise/core";

/** Entries of one level that are printed before the rest is only counted. */
const shown = 6;

/** The store as a tree, long levels cut. */
export async function tree(store: ObjectStore, indent = "", prefix = ""): Promise<readonly string[]> {
  const entries: string[] = [];
  for await (const page of store.list({ prefix, delimiter: "/" })) {
    entries.push(...page.objects.map(({ key }) => key), ...page.prefixes);
  }
  entries.sort();
  const lines: string[] = [];
  for (const entry of entries.slice(0, shown)) {
    lines.push(`${indent}${entry.slice(prefix.length)}`);
    if (entry.endsWith("/")) lines.push(...(await tree(store, `${indent}  `, entry)));
  }
  if (entries.length > shown) lines.push(`${indent}… and ${entries.length - shown} more`);
  return lines;
}

/** Objects in a store, the user's own files included: everything but the manifests of folders. */
export async function countObjects(store: ObjectStore): Promise<number> {
  let count = 0;
  for await (const page of store.list()) {
    count += page.objects.filter(({ key }) => !key.endsWith(".manifest.json")).length;
  }
  return count;
}
