import { isStoreError } from "@mortise/core";
import type { CloudBackend } from "@mortise/store-kit/cloud";
import { quoted } from "../wire/fields.ts";
import type { Send } from "../wire/send.ts";

/**
 * Success is the answer whether the object was there or not, and from some servers even where it had to have a certain
 * ETag: then HEAD comes first, unless it just came. It does not compare the ETag: that would hide from the probe a server which ignores the
 * condition. In a bucket with versions a delete marker is added; what the object was stays readable by its version.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
 */
export function createDelete(send: Send, head: CloudBackend["head"]): CloudBackend["delete"] {
  return async (name, call) => {
    const { ifMatch } = call;
    const headers: Record<string, string> = {};
    if (ifMatch !== undefined) headers["if-match"] = quoted(ifMatch);
    try {
      if (ifMatch !== undefined && call.seen !== true) await head(name, call);
      await send({ method: "DELETE", name, headers, call });
      return ifMatch === undefined ? "unknown" : "deleted";
    } catch (error) {
      if (isStoreError(error, "not-found")) return "absent";
      throw error;
    }
  };
}
