import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** Entries of one folder that are printed before the rest is only counted. */
const shown = 6;

/** The folder as a tree, long levels cut. */
export async function tree(folder: string, indent = ""): Promise<readonly string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const lines: string[] = [];
  for (const entry of entries.slice(0, shown)) {
    lines.push(`${indent}${entry.name}${entry.isDirectory() ? "/" : ""}`);
    if (entry.isDirectory()) lines.push(...(await tree(join(folder, entry.name), `${indent}  `)));
  }
  if (entries.length > shown) lines.push(`${indent}… and ${entries.length - shown} more`);
  return lines;
}

/** Objects in a store, the user's own files included: everything but Mortise's own root and the manifests of folders. */
export async function countObjects(location: string): Promise<number> {
  const entries = await readdir(location, { recursive: true, withFileTypes: true });
  return entries.filter(
    (entry) =>
      entry.isFile() &&
      !entry.name.endsWith(".manifest.json") &&
      !join(entry.parentPath, entry.name).startsWith(join(location, "_mortise")),
  ).length;
}
