import { isKey } from "@mortise/core";
import { storeError } from "@mortise/store-kit";
import type { CloudBackend } from "@mortise/store-kit/cloud";
import type { Target } from "../connect/connection.ts";
import { errorOfCode } from "../errors.ts";
import type { Sdk } from "../sdk/client.ts";
import { errorSite } from "../wire/send.ts";

/**
 * Up to 1000 names in one request. The server says `Deleted` whether an object was there or not; a name that it says
 * nothing of is left out here, and asked for by the caller.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
 */
export function createDeleteBatch(target: Target, sdk: Sdk): NonNullable<CloudBackend["deleteBatch"]> {
  return async (names, call) => {
    const about = "object";
    const outcomes = new Map<string, "absent" | "unknown" | Error>();
    // Servers that keep objects as files were seen to follow `..` in a name out of its prefix.
    for (const name of names) {
      if (!isKey(name)) outcomes.set(name, storeError(call.site, "invalid-key", `${JSON.stringify(name)} is no key`));
    }
    const asked = names.filter((name) => !outcomes.has(name));
    if (asked.length === 0) return outcomes;
    const answer = await sdk.run(
      { call, about },
      ({ DeleteObjectsCommand }) =>
        new DeleteObjectsCommand({
          Bucket: target.bucket,
          Delete: { Objects: asked.map((Key) => ({ Key })), Quiet: false },
        }),
    );
    for (const { Key } of answer.Deleted ?? []) if (Key !== undefined && Key !== "") outcomes.set(Key, "unknown");
    for (const { Key, Code, Message } of answer.Errors ?? []) {
      if (Key === undefined || Key === "") continue;
      const absent = Code === "NoSuchKey" || Code === "NoSuchVersion";
      outcomes.set(Key, absent ? "absent" : errorOfCode(errorSite(target, { call, about }), Code, Message));
    }
    return outcomes;
  };
}
