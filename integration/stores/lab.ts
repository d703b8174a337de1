// A lab whose only store is a bucket: its configuration file with every key there is, and its secrets beside it.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attachCodec } from "@mortise/codec-attach";
import { blobCodec } from "@mortise/codec-blob";
import { filepathCodec } from "@mortise/codec-filepath";
import { objectCodec } from "@mortise/codec-object";
import type { ObjectStore } from "@mortise/core";
import { sqlite } from "@mortise/db-sqlite";
import { openProject } from "@mortise/schema";
import { azureStore } from "@mortise/store-azure";
import { gcsStore } from "@mortise/store-gcs";
import { s3Store } from "@mortise/store-s3";
import { openPlace } from "./servers/open-place.ts";
import type { Place } from "./servers/place.ts";
import { writeSecrets } from "./servers/write-secrets.ts";

const cloudPlugins = [s3Store, gcsStore, azureStore] as const;
const plugins = [...cloudPlugins, sqlite, blobCodec, objectCodec, attachCodec, filepathCodec] as const;

const openLab = async (folder: string) => await openProject({ directory: folder, plugins });
type LabProject = Awaited<ReturnType<typeof openLab>>;

const location = "lab/experiment 7";

/** A lab in a folder that is gone when it is disposed. */
export interface BucketLab extends AsyncDisposable {
  path(name: string): string;
  open(): Promise<LabProject>;
  /** Keys of everything in the store, seen through a store of its own; without Mortise's own root. */
  objects(): Promise<readonly string[]>;
}

/** A lab with one store `main` in the bucket, below a location of two segments. */
export async function createBucketLab(place: Place): Promise<BucketLab> {
  const folder = await mkdtemp(join(tmpdir(), "mortise-bucket-lab-"));
  const main = {
    ...place.shared,
    location,
    project_name: "experiment 7",
    subfolding: [2, 2],
    partition_pattern: "subject_id",
    token_length: 12,
    hash_prefix: "managed/blobs",
    schema_prefix: "managed/arrays",
    filepath_prefix: "imported",
  };
  const settings = {
    stores: { default: "main", main },
    download_path: join(folder, "downloads"),
    mortise: { stores: { main: { ...place.ours, blob_compression: "canonical" } } },
  };
  await writeFile(join(folder, "datajoint.json"), JSON.stringify(settings));
  await writeSecrets(folder, "main", place);

  async function openStore(): Promise<ObjectStore> {
    const plugin = cloudPlugins.find(({ protocols }) => protocols.includes(place.shared.protocol));
    if (plugin === undefined) throw new Error(`no plugin for ${place.shared.protocol}`);
    return await openPlace(plugin, place, location);
  }
  return {
    path: (name) => join(folder, name),
    open: () => openLab(folder),
    async objects() {
      await using store = await openStore();
      const keys: string[] = [];
      for await (const page of store.list()) keys.push(...page.objects.map(({ key }) => key));
      return keys;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
