import type { ObjectInfo, ObjectKey } from "@mortise/core";
import type { CloudObject } from "./backend.ts";

/** What a store says of an object that its backend knows by name. */
export function infoOf(key: ObjectKey, object: CloudObject): ObjectInfo {
  const { size, lastModified, etag, version, contentType, metadata, checksums } = object;
  return { key, size, lastModified, etag, version, contentType, metadata, checksums };
}
