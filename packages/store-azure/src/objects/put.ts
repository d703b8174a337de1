import { hash } from "node:crypto";
import type { Bytes, PutMode } from "@mortise/core";
import { checkDigests } from "@mortise/store-kit";
import type { CloudWrite, CloudWritten } from "@mortise/store-kit/cloud";
import { answerError } from "../errors.ts";
import { writtenOf } from "./answer.ts";
import type { Container } from "./container.ts";
import { sendBlob } from "./container.ts";
import { addMetadata } from "./metadata.ts";
import { refusalOf } from "./refusal.ts";

/**
 * Put Blob (https://learn.microsoft.com/rest/api/storageservices/put-blob). The MD5 goes with it, so that the server
 * refuses bytes that were changed on the way.
 */
export async function putBlob(
  container: Container,
  name: string,
  body: Bytes,
  call: CloudWrite,
): Promise<CloudWritten> {
  const md5 = hash("md5", body, "buffer");
  const checksums = { md5: md5.toString("hex") };
  if (call.expect !== undefined) checkDigests(call.site, call.expect, checksums);
  const headers: Record<string, string> = { "x-ms-blob-type": "BlockBlob", "content-md5": md5.toString("base64") };
  if (call.contentType !== undefined) headers["x-ms-blob-content-type"] = call.contentType;
  addMetadata(headers, call.metadata);
  addCondition(headers, call.mode);
  const answer = await sendBlob(container, "PUT", name, call, headers, body);
  if (answer.status !== 201) throw refusalOf(call.site, call.mode, answerError(call.site, answer));
  return writtenOf(container, answer.headers, checksums);
}

/** The headers of a conditional write. */
export function addCondition(headers: Record<string, string>, mode: PutMode): void {
  if (mode === "create") headers["if-none-match"] = "*";
  else if (mode !== "overwrite") headers["if-match"] = mode.ifMatch;
}
