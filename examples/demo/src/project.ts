// A configuration file with two file stores, and the project that opens on it.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { attachCodec } from "@mortise/codec-attach";
import { blobCodec } from "@mortise/codec-blob";
import { filepathCodec } from "@mortise/codec-filepath";
import { objectCodec } from "@mortise/codec-object";
import { sqlite } from "@mortise/db-sqlite";
import { openProject } from "@mortise/schema";
import { fileStore } from "@mortise/store-file";

const plugins = [fileStore, sqlite, blobCodec, objectCodec, attachCodec, filepathCodec] as const;

export const open = async (folder: string) => await openProject({ directory: folder, plugins });
export type DemoProject = Awaited<ReturnType<typeof open>>;

/** Writes `datajoint.json` as a lab would: a default store, and one for raw data with its own layout. */
export async function writeConfiguration(folder: string): Promise<void> {
  const stores = {
    default: "main",
    main: { protocol: "file", location: join(folder, "main") },
    raw: {
      protocol: "file",
      location: join(folder, "raw"),
      subfolding: [2, 2],
      partition_pattern: "subject_id/session_date",
    },
  };
  await Promise.all(["main", "raw"].map((name) => mkdir(join(folder, name), { recursive: true })));
  const settings = { stores, download_path: join(folder, "downloads") };
  await writeFile(join(folder, "datajoint.json"), `${JSON.stringify(settings, null, 2)}\n`);
}
