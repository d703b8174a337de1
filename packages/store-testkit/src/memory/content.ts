import type { Bytes, Checksums, ObjectInfo, ObjectKey, PutOptions } from "@mortise/core";

/** One object as it was put. */
export interface StoredObject {
  readonly bytes: Bytes;
  readonly lastModified: Date;
  readonly etag: string;
  readonly contentType?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly checksums: Checksums;
}

/** An upload in parts that was neither completed nor aborted. */
export interface MemoryUpload {
  readonly key: ObjectKey;
  readonly id: string;
  readonly startedAt: Date;
  readonly options: PutOptions;
  readonly parts: Map<number, { readonly bytes: Bytes; readonly token: string }>;
}

/** What a memory store holds; several stores may be opened on one, as several processes open one bucket. */
export interface MemoryContent {
  readonly objects: Map<ObjectKey, StoredObject>;
  /** By id. */
  readonly uploads: Map<string, MemoryUpload>;
  /** A validator that was never given before. */
  nextEtag(): string;
}

/** No objects. */
export function createMemoryContent(): MemoryContent {
  let count = 0;
  return { objects: new Map(), uploads: new Map(), nextEtag: () => `m${(++count).toString(36)}` };
}

/** What `head`, `get` and `list` say of an object. */
export function infoOf(key: ObjectKey, object: StoredObject): ObjectInfo {
  const { bytes, lastModified, etag, contentType, metadata, checksums } = object;
  return { key, size: bytes.byteLength, lastModified, etag, contentType, metadata, checksums };
}
