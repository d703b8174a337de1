import { lstat, mkdir, open, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import { codeOf, link } from "../syscalls.ts";

/** What kinds of file systems differ in, as far as a store must know. */
export interface FileSystemTraits {
  /** If false, `create` is not atomic and is no capability of the store. */
  readonly hardLinks: boolean;
  /** If false, two keys can be one file: those that differ in case, or in the Unicode form of a letter. */
  readonly caseSensitive: boolean;
}

/** What is assumed until something is written: reading never probes, because probing writes. */
export const assumedTraits: FileSystemTraits = {
  hardLinks: true,
  caseSensitive: process.platform !== "darwin" && process.platform !== "win32",
};

/** Creates the staging folder and tries out the file system in it; once per open store, before the first write. */
export async function probeFileSystem(staging: string): Promise<FileSystemTraits> {
  await mkdir(staging, { recursive: true });
  const base = join(staging, `probe-${crypto.randomUUID()}`);
  // U+00E9 in its composed form; file systems that normalise find it by the decomposed one as well.
  const names = { made: `${base}-aé`, upper: `${base}-Aé`, decomposed: `${base}-ae\u0301`, linked: `${base}-l` };
  try {
    await using _ = await open(names.made, "wx");
    const folded = await Promise.all([exists(names.upper), exists(names.decomposed)]);
    return { hardLinks: await canLink(names.made, names.linked), caseSensitive: !folded.includes(true) };
  } finally {
    await Promise.all([rm(names.made, { force: true }), rm(names.linked, { force: true })]);
  }
}

/** Throws `invalid-config` if `_mortise/staging` is there and on another file system than the root. */
export async function checkOneFileSystem(site: OperationSite, root: string, staging: string): Promise<void> {
  const [rootStat, ...others] = await Promise.all(
    [root, dirname(staging), staging].map((path) => stat(path).catch(() => undefined)),
  );
  if (others.every((other) => other === undefined || other.dev === rootStat?.dev)) return;
  throw storeError(
    site,
    "invalid-config",
    `${staging} is on another file system than ${root}, so that no write is atomic (EXDEV)`,
    {
      hint: "unmount what is mounted there, or remove the link: _mortise/ must be an ordinary folder of the store",
    },
  );
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}

async function canLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    // Out of space or links is no trait of the file system.
    if (codeOf(error) === "ENOSPC" || codeOf(error) === "EDQUOT" || codeOf(error) === "EROFS") throw error;
    return false;
  }
}
