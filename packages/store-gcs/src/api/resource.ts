/** Object resources of the JSON API (https://cloud.google.com/storage/docs/json_api/v1/objects#resource). */
import type { CloudObject, CloudWritten } from "@mortise/store-kit/cloud";
import { checksumsOf } from "./digests.ts";

/** As much of a resource as is asked for: numbers of 64 bits are texts. */
export interface ObjectResource {
  readonly name: string;
  readonly generation: string;
  readonly size: string;
  readonly updated?: string | undefined;
  readonly timeCreated?: string | undefined;
  readonly contentType?: string | undefined;
  readonly md5Hash?: string | undefined;
  readonly crc32c?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

/** `fields` of a request for a whole description: without it an answer is ten times as long. */
export const objectFields = "name,generation,size,updated,timeCreated,contentType,md5Hash,crc32c,metadata";

/** `fields` of a write. */
export const writtenFields = "generation,size,md5Hash,crc32c";

/** What a resource says, in our words. The generation is the validator: every overwrite changes it. */
export function objectOf(resource: ObjectResource): CloudObject {
  return {
    name: resource.name,
    size: Number(resource.size),
    lastModified: wholeSeconds(resource.updated ?? resource.timeCreated),
    etag: resource.generation,
    contentType: resource.contentType,
    metadata: resource.metadata,
    checksums: checksumsOf(resource.md5Hash, resource.crc32c),
  };
}

/** What a write returned. */
export function writtenOf(resource: ObjectResource): CloudWritten {
  return { etag: resource.generation, checksums: checksumsOf(resource.md5Hash, resource.crc32c) };
}

/** Headers of a download tell no more: an object must not seem to be of two times. */
function wholeSeconds(time: string | undefined): Date {
  return new Date(Math.floor(Date.parse(time ?? "1970-01-01T00:00:00Z") / 1_000) * 1_000);
}
