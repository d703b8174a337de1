// The stores that the demo can run on: which one is only a matter of its configuration.
import type { ObjectStore } from "@mortise/core";
import { silentLogger } from "@mortise/core";
import { azureStore } from "@mortise/store-azure";
import { fileStore } from "@mortise/store-file";
import { gcsStore } from "@mortise/store-gcs";
import { s3Store } from "@mortise/store-s3";
import type { DemoProject } from "./project.ts";

export const storePlugins = [fileStore, s3Store, gcsStore, azureStore] as const;

/** A configured store as a whole, with what Mortise keeps in it: `project.store` shows the user's own files only. */
export async function openWhole(project: DemoProject, name: string): Promise<ObjectStore> {
  const spec = project.config.storeSpec(name);
  const plugin = storePlugins.find(({ protocols }) => protocols.includes(spec.protocol));
  if (plugin === undefined) throw new Error(`the demo has no plugin for ${spec.protocol}`);
  return await plugin.open(spec, { storeName: name, logger: silentLogger });
}
