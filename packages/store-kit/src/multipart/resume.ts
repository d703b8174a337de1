import type { Bytes, MultipartUpload, UploadedPart } from "@mortise/core";
import { createHasher } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { storeError } from "../errors.ts";
import { chunksOf } from "../streams/source.ts";
import type { PartLimits, PartOptions, UploadInPartsOptions } from "./contract.ts";
import { partPlan } from "./plan.ts";

const start = { number: 1, offset: 0 };

/** A stretch of the source that is one part. */
export interface SourcePart {
  readonly number: number;
  readonly offset: number;
  readonly size: number;
}

/** An upload that is continued: what the server has of the source, and what it lacks. */
export interface Continuation {
  readonly kept: readonly UploadedPart[];
  readonly missing: readonly SourcePart[];
  /** How many of the source's first bytes are kept because of their number alone. */
  readonly unproven: number;
}

/** How an upload is continued. */
export type ContinueOptions = PartOptions & Pick<UploadInPartsOptions, "signal" | "trustSizes">;

/** The parts of a body of `size` bytes from `first` on; of an empty body one empty part. */
function cutParts(size: number, partBytes: number, first: { number: number; offset: number }): readonly SourcePart[] {
  const count = Math.max(first.number === 1 ? 1 : 0, Math.ceil((size - first.offset) / partBytes));
  return Array.from({ length: count }, (_, index) => {
    const offset = first.offset + index * partBytes;
    return { number: first.number + index, offset, size: Math.min(partBytes, size - offset) };
  });
}

/**
 * Compares the parts that the server has with the source. A part of another size or MD5 is sent again, and so is one whose
 * MD5 the server does not tell, unless sizes are trusted. Where a part can't be sent again, one that differs is an error,
 * and one of which nothing but the size is known is `unproven`.
 */
export async function continueUpload(
  site: OperationSite,
  upload: MultipartUpload,
  source: Blob,
  options: ContinueOptions,
): Promise<Continuation> {
  const found: UploadedPart[] = [];
  for await (const part of upload.parts({ signal: options.signal })) found.push(part);
  found.sort((one, other) => one.number - other.number);
  if (upload.limits.sequential === true) return await continueInOrder(site, upload, source, found, options);
  const begunWith = sizeOfParts(found);
  const all = cutParts(source.size, begunWith ?? planned(site, upload.limits, source.size, options), start);
  // A size says where a part belongs only if all parts can be of one plan.
  const trusted = begunWith !== undefined && found.every((part) => all[part.number - 1]?.size === part.size);
  const byNumber = new Map(found.map((part) => [part.number, part]));
  const kept: UploadedPart[] = [];
  const missing: SourcePart[] = [];
  for (const part of all) {
    const there = byNumber.get(part.number);
    const known =
      there !== undefined && (there.checksums?.md5 !== undefined || (trusted && options.trustSizes === true));
    if (known && (await isOf(source, part, there))) kept.push(there);
    else missing.push(part);
  }
  return { kept, missing, unproven: 0 };
}

/** The parts that come first are there, whatever their sizes; the rest follows them. */
async function continueInOrder(
  site: OperationSite,
  upload: MultipartUpload,
  source: Blob,
  found: readonly UploadedPart[],
  options: ContinueOptions,
): Promise<Continuation> {
  let offset = 0;
  for (const part of found) {
    const stretch = { number: part.number, offset, size: part.size };
    if (offset + part.size > source.size || !(await isOf(source, stretch, part))) {
      throw storeError(site, "checksum-mismatch", `part ${part.number} of the upload is not of this source`, {
        hint: "give the source that the upload was begun with, or abort it and begin another",
      });
    }
    offset += part.size;
  }
  const number = (found.at(-1)?.number ?? 0) + 1;
  const partBytes = planned(site, upload.limits, source.size, options);
  const proven = options.trustSizes === true || found.every((part) => part.checksums?.md5 !== undefined);
  const missing = cutParts(source.size, partBytes, { number, offset });
  return { kept: found, missing, unproven: proven ? 0 : offset };
}

function planned(site: OperationSite, limits: PartLimits, size: number, { partBytes }: PartOptions): number {
  return partPlan(site, limits, { size, partBytes }).sizeAt(0);
}

/**
 * The part size that the upload was begun with: all but the last have it. A single part tells it only if it is the
 * first, because it may be the last.
 */
function sizeOfParts(found: readonly UploadedPart[]): number | undefined {
  if (found.length === 1 && found[0]?.number !== 1) return undefined;
  return Math.max(0, ...found.map((part) => part.size)) || undefined;
}

/** Whether the server's part is this stretch of the source, as far as the server tells. */
async function isOf(source: Blob, stretch: SourcePart, part: UploadedPart): Promise<boolean> {
  if (part.size !== stretch.size) return false;
  const md5 = part.checksums?.md5;
  if (md5 === undefined) return true;
  const hasher = createHasher("md5");
  // In pieces: a part that is only compared takes no room in memory.
  for await (const chunk of chunksOf(blobOf(source, stretch))) hasher.update(chunk);
  return hasher.digest() === md5.toLowerCase();
}

/** The bytes of one part. */
export async function readPart(source: Blob, part: SourcePart): Promise<Bytes> {
  return new Uint8Array(await blobOf(source, part).arrayBuffer());
}

function blobOf(source: Blob, { offset, size }: SourcePart): Blob {
  return source.slice(offset, offset + size);
}
