import type { PutMode } from "@mortise/core";
import { digest } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import type { CloudBackend, CloudWritten, HttpResponse } from "@mortise/store-kit/cloud";
import type { Target } from "../connect/connection.ts";
import { brokenAnswer, s3Error } from "../errors.ts";
import { addDescription, base64Of, quoted, unquoted, versionOf } from "../wire/fields.ts";
import { errorDocument } from "../wire/problem.ts";
import type { ObjectRequest, Send } from "../wire/send.ts";
import { errorSite } from "../wire/send.ts";

/** What a mode's refusal means. */
export function conditionOf(mode: PutMode): ObjectRequest["condition"] {
  if (mode === "overwrite") return undefined;
  return mode === "create" ? "create" : "ifMatch";
}

/** Sends a body, and reads what the server says of the object or part that it stored. */
export async function sendBody(target: Target, send: Send, request: ObjectRequest): Promise<HttpResponse> {
  const response = await send(request);
  // Some servers say success before they know, and the truth in the body.
  if (errorDocument(response.bytes) !== undefined) throw s3Error(errorSite(target, request), response);
  return response;
}

/** The ETag of what was written. Throws `protocol` where there is none: then it was no S3 server that said success. */
export function writtenEtag(site: OperationSite, { headers, status }: HttpResponse): string {
  const { etag } = headers;
  if (etag === undefined || etag === "") {
    throw brokenAnswer(site, "an ETag", status);
  }
  return unquoted(etag);
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export function createPut(target: Target, send: Send, checksums: boolean): CloudBackend["put"] {
  return async (name, body, call): Promise<CloudWritten> => {
    const { mode, contentType, metadata, site } = call;
    const headers: Record<string, string> = {};
    addDescription(site, headers, contentType, metadata);
    if (mode === "create") headers["if-none-match"] = "*";
    else if (mode !== "overwrite") headers["if-match"] = quoted(mode.ifMatch);
    const sha256 = digest("sha256", body);
    if (checksums) headers["x-amz-checksum-sha256"] = base64Of(sha256);
    const condition = conditionOf(mode);
    const { onSent } = call;
    const response = await sendBody(target, send, {
      method: "PUT",
      name,
      headers,
      body,
      sha256,
      call,
      onSent,
      condition,
    });
    return { etag: writtenEtag(site, response), version: versionOf(response.headers["x-amz-version-id"]) };
  };
}
