import type { Checksums } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import type { CloudObject, CloudWritten, HttpResponse } from "@mortise/store-kit/cloud";
import type { Container } from "./container.ts";
import { readMetadata } from "./metadata.ts";

type Headers = HttpResponse["headers"];

/** The object that the headers of a GET or HEAD describe; `size` is that of the whole object. */
export function objectOf(container: Container, name: string, headers: Headers, size: number): CloudObject {
  const partial = headers["content-range"] !== undefined;
  // With a range, `content-md5` would be that of the range.
  const md5 = partial ? headers["x-ms-blob-content-md5"] : headers["content-md5"];
  return {
    name,
    size,
    lastModified: new Date(headers["last-modified"] ?? 0),
    etag: headers["etag"],
    version: versionOf(container, headers),
    contentType: headers["content-type"],
    metadata: readMetadata(headers),
    checksums: md5Of(md5),
  };
}

/** What the headers of a write say. */
export function writtenOf(container: Container, headers: Headers, checksums?: Checksums): CloudWritten {
  return { etag: headers["etag"], version: versionOf(container, headers), checksums };
}

/** A length that the server must tell. */
export function lengthOf(site: OperationSite, headers: Headers): number {
  const length = Number(headers["content-length"] ?? Number.NaN);
  if (Number.isSafeInteger(length)) return length;
  throw storeError(site, "protocol", "the answer does not tell the object's size");
}

/** MD5 in hex of the service's base64; undefined where it has none, as after a block list. */
function md5Of(base64: string | undefined): Checksums | undefined {
  return base64 === undefined || base64 === "" ? undefined : { md5: Buffer.from(base64, "base64").toString("hex") };
}

function versionOf(container: Container, headers: Headers): string | undefined {
  const version = headers["x-ms-version-id"];
  if (version !== undefined) container.onVersion();
  return version;
}
