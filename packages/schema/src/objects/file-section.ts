import { type FileBase, type ObjectStore, storeBaseUrl } from "@mortise/core";
import type { StoreLayout } from "./store-access.ts";

/** Where paths of users count from. A file store resolves links in its location; users know the name they configured. */
export function fileBase({ name, settings }: StoreLayout, store: ObjectStore): FileBase {
  const aliases = settings["protocol"] === "file" ? [storeBaseUrl({ ...settings, protocol: "file" })] : [];
  return { store: name, baseUrl: store.baseUrl, aliases };
}
