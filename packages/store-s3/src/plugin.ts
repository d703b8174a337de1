import type { Secret, StoreContext, StorePlugin, StoreSpec } from "@mortise/core";
import { apiVersion } from "@mortise/core";
import type { ChecksumMode } from "./options.ts";
import { checkedCredentials, openS3Store } from "./store.ts";

/** Stores with `"protocol": "s3"`: `openProject({ plugins: [s3Store] })`. The keys beside core's are our own block's. */
export const s3Store: StorePlugin = {
  kind: "store",
  apiVersion,
  name: "s3",
  origin: import.meta.url,
  protocols: ["s3"],
  urlSchemes: ["s3"],
  keys: [
    {
      name: "path_style",
      type: "boolean",
      mortiseOnly: true,
      description: "Bucket in the path, not the host's name; unset: not at Amazon's",
    },
    {
      name: "checksum_mode",
      type: "string",
      allowed: ["required", "supported"],
      mortiseOnly: true,
      description: "supported: also x-amz-checksum-sha256; unset: only at Amazon's",
    },
    {
      name: "profile",
      type: "string",
      mortiseOnly: true,
      description: "Section of ~/.aws for ambient credentials",
    },
  ],
  async open(spec: StoreSpec, { storeName, logger, signal }: StoreContext) {
    signal?.throwIfAborted();
    const text = (key: string): string | undefined => (spec[key] as string | null | undefined) || undefined;
    return await openS3Store({
      endpoint: text("endpoint"),
      secure: spec["secure"] !== false,
      bucket: text("bucket") ?? "",
      location: text("location"),
      region: text("region"),
      credentials: checkedCredentials(storeName, {
        accessKeyId: spec["access_key"] as Secret | undefined,
        secretAccessKey: spec["secret_key"] as Secret | undefined,
        sessionToken: spec["session_token"] as Secret | undefined,
      }),
      profile: text("profile"),
      publicEndpoint: text("public_endpoint"),
      pathStyle: (spec["path_style"] as boolean | null | undefined) ?? undefined,
      checksumMode: text("checksum_mode") as ChecksumMode | undefined,
      storeName,
      logger,
    });
  },
};
