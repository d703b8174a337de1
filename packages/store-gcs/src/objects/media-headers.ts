import type { ResolvedRange } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import type { CloudObject } from "@mortise/store-kit/cloud";
import { checksumsOfHeader } from "../api/digests.ts";
import type { Asked } from "../errors.ts";
import { unreadableAnswer } from "../errors.ts";

type Headers = Readonly<Record<string, string | undefined>>;

const metaPrefix = "x-goog-meta-";

/** What an answer with bytes says of their object. */
export function objectOfHeaders(asked: Asked, name: string, headers: Headers, status: number): CloudObject {
  const size = wholeSize(headers, status);
  const generation = headers["x-goog-generation"];
  if (size === undefined || generation === undefined) {
    throw unreadableAnswer(asked.site, "the answer does not tell size and generation of the object");
  }
  return {
    name,
    size,
    lastModified: new Date(headers["last-modified"] ?? 0),
    etag: generation,
    contentType: headers["content-type"],
    metadata: metadataOf(headers),
    checksums: checksumsOfHeader(headers["x-goog-hash"]),
  };
}

/**
 * The bytes that come. Throws `invalid-range` where there are none of them: an emulator answers 206 and `bytes 0--1/0` for
 * an empty object.
 */
export function rangeOfHeaders(asked: Asked, headers: Headers, status: number, size: number): ResolvedRange {
  if (status !== 206) return { offset: 0, length: size };
  const [, first, last] = /^bytes (\d+)-(\d+)\//.exec(headers["content-range"] ?? "") ?? [];
  const [offset, end] = [Number(first), Number(last)];
  if (first !== undefined && last !== undefined && end >= offset && end < size)
    return { offset, length: end - offset + 1 };
  throw storeError(asked.site, "invalid-range", "the object has no byte of that range", { status });
}

function wholeSize(headers: Headers, status: number): number | undefined {
  const text =
    status === 206
      ? /\/(\d+)$/.exec(headers["content-range"] ?? "")?.[1]
      : (headers["x-goog-stored-content-length"] ?? headers["content-length"]);
  return text === undefined ? undefined : Number(text);
}

function metadataOf(headers: Headers): Readonly<Record<string, string>> | undefined {
  let metadata: Record<string, string> | undefined;
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || !name.startsWith(metaPrefix)) continue;
    metadata ??= {};
    metadata[name.slice(metaPrefix.length)] = value;
  }
  return metadata;
}
