import type { PutMode } from "@mortise/core";
import { digest } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import type { CloudBackend, CloudWritten, HttpResponse } from "@mortise/store-kit/cloud";
import { brokenAnswer } from "../errors.ts";
import { addDescription, base64Of, quoted, unquoted, versionOf } from "../wire/fields.ts";
import type { ObjectRequest, Send } from "../wire/send.ts";

/** What a mode's refusal means. */
export function conditionOf(mode: PutMode): ObjectRequest["condition"] {
  if (mode === "overwrite") return undefined;
  return mode === "create" ? "create" : "ifMatch";
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
export function createPut(send: Send, checksums: boolean): CloudBackend["put"] {
  return async (name, body, call): Promise<CloudWritten> => {
    const { mode, contentType, metadata, site } = call;
    const headers: Record<string, string> = {};
    addDescription(site, headers, contentType, metadata);
    if (mode === "create") headers["if-none-match"] = "*";
    else if (mode !== "overwrite") headers["if-match"] = quoted(mode.ifMatch);
    const sha256 = digest("sha256", body);
    if (checksums) headers["x-amz-checksum-sha256"] = base64Of(sha256);
    const condition = conditionOf(mode);
    const response = await send({ method: "PUT", name, headers, body, sha256, call, condition });
    return { etag: writtenEtag(site, response), version: versionOf(response.headers["x-amz-version-id"]) };
  };
}
