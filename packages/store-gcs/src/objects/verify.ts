import { storeError } from "@mortise/store-kit";
import type { GcsApi } from "../api/api.ts";
import type { ObjectResource } from "../api/resource.ts";
import type { Asked } from "../errors.ts";
import { unreadableAnswer } from "../errors.ts";
import { deleteGeneration } from "./delete.ts";

/** What was sent, digests in base64. */
export interface Sent extends Pick<ObjectResource, "md5Hash" | "crc32c"> {
  readonly size: number;
}

/**
 * Compares what the server says it wrote with what was sent. Google refuses a wrong digest itself; an emulator may not,
 * and then exactly the generation that it made is removed, if it can only be `ours`. Throws `checksum-mismatch`.
 */
export async function checkWritten(
  api: GcsApi,
  asked: Asked,
  name: string,
  written: ObjectResource,
  sent: Sent,
  ours = true,
): Promise<void> {
  if (typeof written.generation !== "string")
    throw unreadableAnswer(asked.site, "the answer does not tell what was written");
  const wrong = difference(written, sent);
  if (wrong === undefined) return;
  const removed = ours && (await deleteGeneration(api, asked.site, name, written.generation).catch(() => false));
  throw storeError(asked.site, "checksum-mismatch", `the server wrote other bytes than were sent: ${wrong}`, {
    hint: removed
      ? "what it wrote was removed; an object that was there before is gone unless the bucket keeps versions: write it again"
      : `generation ${written.generation} is left as it is: look at the object, and write it again`,
    retryable: false,
  });
}

function difference(written: ObjectResource, sent: Sent): string | undefined {
  if (Number(written.size) !== sent.size) return `${written.size} bytes instead of ${sent.size}`;
  for (const name of ["md5Hash", "crc32c"] as const) {
    const [theirs, ours] = [written[name], sent[name]];
    if (theirs !== undefined && ours !== undefined && theirs !== ours)
      return `the ${name} is ${theirs} instead of ${ours}`;
  }
  return undefined;
}
