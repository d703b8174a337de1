import type { StoreContext, StorePlugin, StoreSpec } from "@mortise/core";
import { apiVersion } from "@mortise/core";
import type { Durability } from "./options.ts";
import { openFileStore } from "./store.ts";

/** Stores with `"protocol": "file"`: `openProject({ plugins: [fileStore] })`. */
export const fileStore: StorePlugin = {
  kind: "store",
  apiVersion,
  name: "file",
  origin: import.meta.url,
  protocols: ["file"],
  urlSchemes: ["file"],
  keys: [
    {
      name: "location",
      type: "string",
      required: true,
      description: "The folder: an absolute path or a file:// URL. It must exist.",
    },
    {
      name: "durability",
      type: "string",
      default: "full",
      mortiseOnly: true,
      description: '"full" flushes files and folders to the disk before a write answers; "none" is for scratch data.',
    },
  ],
  async open(spec: StoreSpec, { storeName, logger }: StoreContext) {
    return await openFileStore({
      location: spec["location"] as string,
      durability: spec["durability"] as Durability | undefined,
      storeName,
      logger,
    });
  },
};
