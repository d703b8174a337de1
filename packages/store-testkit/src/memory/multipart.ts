import type { Bytes, Multipart, MultipartUpload, ObjectKey, PutOptions, PutResult, UploadedPart } from "@mortise/core";
import { compareKeys, digest } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import type { MemoryContent, MemoryUpload } from "./content.ts";

/** What the memory store's uploads take, where a test does not say otherwise. */
export const memoryPartLimits: MultipartUpload["limits"] = { minPart: 1, maxPart: 1024 ** 3, maxParts: 10_000 };

/** What an upload needs of the store it is part of. */
export interface MemoryTarget {
  readonly content: MemoryContent;
  readonly limits: MultipartUpload["limits"];
  site(operation: string, key?: ObjectKey): OperationSite;
  /** Writes the whole object under the options of a `put`. */
  write(site: OperationSite, key: ObjectKey, bytes: Bytes, options: PutOptions): PutResult;
}

/** Uploads in parts, kept beside the objects: any store opened on the same content can continue them. */
export function memoryMultipart(target: MemoryTarget): Multipart {
  const { uploads } = target.content;
  return {
    async start(key, { mode, contentType, metadata, expect, signal } = {}) {
      signal?.throwIfAborted();
      const id = crypto.randomUUID();
      const options = { mode, contentType, metadata, expect };
      uploads.set(id, { key, id, startedAt: new Date(), options, parts: new Map() });
      return openUpload(target, key, id);
    },
    async resume(key, id) {
      find(target, "multipart.resume", key, id);
      return openUpload(target, key, id);
    },
    async *list({ prefix = "", startAfter = "", delimiter } = {}) {
      const site = target.site("multipart.list");
      if (delimiter !== undefined) throw storeError(site, "unsupported", "uploads have no folders");
      for (const { key, id, startedAt } of [...uploads.values()].sort((one, other) =>
        compareKeys(one.key, other.key),
      )) {
        if (key.startsWith(prefix) && compareKeys(key, startAfter) > 0)
          yield await Promise.resolve({ key, id, startedAt });
      }
    },
  };
}

function openUpload(target: MemoryTarget, key: ObjectKey, id: string): MultipartUpload {
  const { limits } = target;
  return {
    id,
    limits,
    async uploadPart(number, part, { signal, onSent } = {}) {
      const { parts } = find(target, "multipart.uploadPart", key, id);
      signal?.throwIfAborted();
      checkPart(target, key, number, part, parts.size);
      const kept = { bytes: new Uint8Array(part), token: target.content.nextEtag() };
      parts.set(number, kept);
      onSent?.(part.byteLength);
      return described(number, kept);
    },
    async *parts() {
      const { parts } = find(target, "multipart.parts", key, id);
      for (const [number, part] of [...parts].sort(([one], [other]) => one - other)) {
        yield await Promise.resolve(described(number, part));
      }
    },
    async complete(given, options = {}) {
      const site = target.site("multipart.complete", key);
      const upload = find(target, "multipart.complete", key, id);
      options.signal?.throwIfAborted();
      const bytes = join(site, upload, given, limits.minPart);
      const result = target.write(site, key, bytes, { ...upload.options, ...defined(options) });
      target.content.uploads.delete(id);
      return result;
    },
    async abort() {
      target.content.uploads.delete(id);
    },
    async [Symbol.asyncDispose]() {},
  };
}

function find(target: MemoryTarget, operation: string, key: ObjectKey, id: string): MemoryUpload {
  const upload = target.content.uploads.get(id);
  if (upload?.key === key) return upload;
  throw storeError(target.site(operation, key), "not-found", `there is no upload "${id}"`, {
    hint: "it was completed or aborted, or belongs to another key",
  });
}

function checkPart(target: MemoryTarget, key: ObjectKey, number: number, part: Bytes, count: number): void {
  const { limits } = target;
  const at = target.site("multipart.uploadPart", key);
  if (!(Number.isSafeInteger(number) && number >= 1 && number <= limits.maxParts)) {
    throw storeError(at, "unsupported", `part ${number}: numbers go from 1 to ${limits.maxParts}`);
  }
  if (part.byteLength > limits.maxPart) {
    throw storeError(at, "unsupported", `a part has ${part.byteLength} bytes, ${limits.maxPart} are allowed`);
  }
  if (limits.sequential === true && number !== count + 1) {
    throw storeError(at, "unsupported", `part ${number} was sent where part ${count + 1} was due`);
  }
}

/** The parts that are named, in the order of their numbers. */
function join(site: OperationSite, upload: MemoryUpload, given: readonly UploadedPart[], minPart: number): Bytes {
  const sorted = [...given].sort((one, other) => one.number - other.number);
  const chunks = sorted.map(({ number, token }, index) => {
    const part = upload.parts.get(number);
    if (part?.token !== token) throw storeError(site, "protocol", `part ${number} is not the one that was sent last`);
    if (part.bytes.byteLength < minPart && index < sorted.length - 1) {
      throw storeError(
        site,
        "protocol",
        `part ${number} has ${part.bytes.byteLength} bytes, at least ${minPart} are due`,
      );
    }
    return part.bytes;
  });
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function described(number: number, { bytes, token }: { readonly bytes: Bytes; readonly token: string }): UploadedPart {
  return { number, size: bytes.byteLength, token, checksums: { md5: digest("md5", bytes) } };
}

/** What `start` was told holds unless `complete` is told something else. */
function defined(options: PutOptions): PutOptions {
  return Object.fromEntries(Object.entries(options).filter((entry) => entry[1] !== undefined));
}
