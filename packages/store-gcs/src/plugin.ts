import type { Secret, StoreContext, StorePlugin, StoreSpec } from "@mortise/core";
import { apiVersion } from "@mortise/core";
import { openGcsStore } from "./store.ts";

/** Stores with `"protocol": "gcs"`: `openProject({ plugins: [gcsStore] })`. */
export const gcsStore: StorePlugin = {
  kind: "store",
  apiVersion,
  name: "gcs",
  origin: import.meta.url,
  protocols: ["gcs"],
  urlSchemes: ["gs", "gcs"],
  keys: [],
  async open(spec: StoreSpec, { storeName, logger }: StoreContext) {
    const text = (key: string): string | undefined => (spec[key] as string | null | undefined) ?? undefined;
    return await openGcsStore({
      bucket: text("bucket") ?? "",
      location: text("location"),
      token: (spec["token"] as Secret | null | undefined) ?? undefined,
      project: text("project"),
      endpoint: text("endpoint"),
      publicEndpoint: text("public_endpoint"),
      storeName,
      logger,
    });
  },
};
