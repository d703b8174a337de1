import type { OperationSite } from "@mortise/store-kit";
import type { CloudObject, HttpResponse } from "@mortise/store-kit/cloud";
import { brokenAnswer } from "../errors.ts";
import { metadataOf, unquoted, versionOf } from "../wire/fields.ts";

/** The object that an answer's headers describe. Throws `protocol` for headers that no S3 server sends with an object. */
export function describeObject(
  site: OperationSite,
  name: string,
  size: number | undefined,
  { headers, status }: HttpResponse,
): CloudObject {
  const { etag } = headers;
  if (etag === undefined || etag === "" || size === undefined) {
    throw brokenAnswer(site, "an ETag or length", status);
  }
  return {
    name,
    size,
    lastModified: new Date(headers["last-modified"] ?? 0),
    etag: unquoted(etag),
    version: versionOf(headers["x-amz-version-id"]),
    contentType: headers["content-type"],
    metadata: metadataOf(headers),
  };
}

/** A header's whole number; undefined where there is none. */
export function countOf(text: string | undefined): number | undefined {
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
}
