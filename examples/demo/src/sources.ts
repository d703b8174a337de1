// What a folder of data holds for the demo: arrays, Zarr folders, and other files.
import { readdir } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";

interface ArraySource {
  readonly path: string;
  /** File name without its suffix. */
  readonly name: string;
  /** The folder it lies in: one session each. */
  readonly group: string;
}

export interface Sources {
  readonly arrays: readonly ArraySource[];
  readonly zarrFolders: readonly string[];
  /** Everything else, with the path relative to the data folder. */
  readonly files: readonly { readonly path: string; readonly name: string }[];
}

async function visit(
  folder: string,
  root: string,
  found: { arrays: ArraySource[]; zarr: string[]; files: string[] },
): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name.endsWith(".zarr")) found.zarr.push(path);
    else if (entry.isDirectory()) await visit(path, root, found);
    else if (entry.name.endsWith(".npy")) {
      found.arrays.push({ path, name: basename(path, ".npy"), group: relative(root, dirname(path)) });
    } else if (entry.isFile()) found.files.push(path);
  }
}

export async function readSources(root: string): Promise<Sources> {
  const found = { arrays: [] as ArraySource[], zarr: [] as string[], files: [] as string[] };
  await visit(root, root, found);
  return {
    arrays: found.arrays,
    zarrFolders: found.zarr,
    files: found.files.map((path) => ({ path, name: relative(root, path) })),
  };
}
