import type { BlobItem } from "@azure/storage-blob";
import type { CloudObject } from "@mortise/store-kit/cloud";

/** An object as a listing shows it: without metadata, and with the etag quoted as in the answers of `head`. */
export function listedObject({ name, properties, versionId }: BlobItem): CloudObject {
  const { contentLength = 0, lastModified, etag, contentType, contentMD5 } = properties;
  return {
    name,
    size: contentLength,
    lastModified: new Date(lastModified),
    etag: quoted(etag),
    version: versionId,
    contentType,
    checksums: contentMD5 === undefined ? undefined : { md5: Buffer.from(contentMD5).toString("hex") },
  };
}

function quoted(etag: string | undefined): string | undefined {
  return etag === undefined || etag.startsWith('"') ? etag : `"${etag}"`;
}
