import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attachCodec } from "@mortise/codec-attach";
import { blobCodec } from "@mortise/codec-blob";
import { filepathCodec } from "@mortise/codec-filepath";
import { objectCodec } from "@mortise/codec-object";
import { sqlite } from "@mortise/db-sqlite";
import { openProject } from "@mortise/schema";
import { fileStore } from "@mortise/store-file";

export const plugins = [fileStore, sqlite, blobCodec, objectCodec, attachCodec, filepathCodec] as const;

export const openLab = async (folder: string) => await openProject({ directory: folder, plugins });
export type LabProject = Awaited<ReturnType<typeof openLab>>;

/** A folder with a configuration, gone when it is disposed. */
export interface Lab extends AsyncDisposable {
  readonly folder: string;
  path(...parts: readonly string[]): string;
  open(): Promise<LabProject>;
  /** Everything in the stores, without Mortise's own root: empty when nothing was written. */
  objects(): Promise<readonly string[]>;
}

/** A lab with one store `main` at `main/`, unless `settings` say otherwise. */
export async function createLab(settings?: (folder: string) => object): Promise<Lab> {
  const folder = await mkdtemp(join(tmpdir(), "mortise-lab-"));
  await mkdir(join(folder, "main"));
  const configuration = settings?.(folder) ?? {
    stores: { default: "main", main: { protocol: "file", location: join(folder, "main") } },
  };
  await writeFile(join(folder, "datajoint.json"), JSON.stringify(configuration));
  return {
    folder,
    path: (...parts) => join(folder, ...parts),
    open: () => openLab(folder),
    async objects() {
      const entries = await readdir(join(folder, "main"), { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + "/main/".length))
        .filter((path) => !path.startsWith("_mortise/"))
        .sort();
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
