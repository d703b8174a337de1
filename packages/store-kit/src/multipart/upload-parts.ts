import type {
  Bytes,
  Checksums,
  Multipart,
  MultipartUpload,
  ObjectKey,
  PutOptions,
  PutResult,
  UploadedPart,
} from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { storeError } from "../errors.ts";
import { createDigester, digestEntries } from "../streams/digests.ts";
import type { Measured } from "../streams/measure.ts";
import { measured } from "../streams/measure.ts";
import type { UploadPartsOptions } from "./contract.ts";
import { discardUpload } from "./discard.ts";
import { fillParts } from "./fill.ts";
import { partPlan } from "./plan.ts";
import { partsProgress } from "./progress.ts";
import { partsUnderWay } from "./under-way.ts";

/** Parts under way at once where the caller does not say. */
export const defaultConcurrency = 4;

/**
 * Sends a body of known or unknown length in parts, and completes the upload when it has ended and is what was promised
 * (`size`, `expect`). If anything fails, nothing is left: all parts under way are ended and awaited, and the upload is
 * aborted; what could not be removed is named in the error's hint. `expect` and `compute` are computed here while the
 * body passes; an algorithm that can't be is `unsupported` before anything is sent.
 */
export async function uploadParts(
  multipart: Multipart,
  site: OperationSite,
  key: ObjectKey,
  chunks: AsyncIterable<Bytes>,
  options: UploadPartsOptions = {},
): Promise<PutResult> {
  const { size, expect, compute = [], signal } = options;
  const wanted = [...digestEntries(expect).map(([algorithm]) => algorithm), ...compute];
  const body = measured(site, chunks, { size, expect, digester: createDigester(site, wanted) });
  const upload = await multipart.start(key, { ...writeOptions(options), signal });
  try {
    const parts = await sendParts(site, upload, body, options);
    const result = await completeUpload(site, upload, parts, body.bytes, options);
    return { ...result, checksums: { ...result.checksums, ...only(body.checksums, compute) } };
  } catch (error) {
    throw await discardUpload(site, upload, error);
  }
}

async function sendParts(
  site: OperationSite,
  upload: MultipartUpload,
  body: Measured,
  options: UploadPartsOptions,
): Promise<readonly UploadedPart[]> {
  const { size, budget, onProgress, concurrency = defaultConcurrency } = options;
  const plan = partPlan(site, upload.limits, options);
  const underWay = partsUnderWay(site, options.signal);
  const { signal } = underWay;
  const sent: UploadedPart[] = [];
  const progress = partsProgress(onProgress, size);
  try {
    const parts = fillParts(body.chunks, { plan, size, budget, signal });
    await underWay.run(parts, upload.limits.sequential === true ? 1 : concurrency, async (part) => {
      let succeeded = false;
      try {
        signal.throwIfAborted();
        checkNumber(site, part.number, upload);
        const onSent = progress === undefined ? undefined : (bytes: number) => progress.sending(part.number, bytes);
        sent.push(await upload.uploadPart(part.number, part.bytes, { signal, onSent }));
        succeeded = true;
        progress?.sent(part.number, part.bytes.byteLength);
      } finally {
        // After a failure something may still read the buffer.
        part.release(succeeded);
      }
    });
  } finally {
    underWay.end();
  }
  return sent.sort((one, other) => one.number - other.number);
}

/** Completes an upload whose parts together have `bytes` bytes, and nothing else. */
export async function completeUpload(
  site: OperationSite,
  upload: MultipartUpload,
  parts: readonly UploadedPart[],
  bytes: number,
  options: PutOptions,
): Promise<PutResult> {
  const received = parts.reduce((sum, part) => sum + part.size, 0);
  if (received !== bytes) throw wrongTotal(site, received, bytes);
  const result = await upload.complete(parts, { ...writeOptions(options), size: bytes, signal: options.signal });
  if (result.size !== bytes) throw wrongTotal(site, result.size, bytes);
  return result;
}

/** What `start` and `complete` are told of a write. */
export function writeOptions({ mode, contentType, metadata, expect, size }: PutOptions): PutOptions {
  return { mode, contentType, metadata, expect, size };
}

function wrongTotal(site: OperationSite, found: number, bytes: number): Error {
  return storeError(site, "protocol", `the server has ${found} bytes of a body of ${bytes}`, {
    hint: "the object is not what was given: write it again, and report it to the store's maintainers",
  });
}

function checkNumber(site: OperationSite, number: number, { limits }: MultipartUpload): void {
  if (number <= limits.maxParts) return;
  throw storeError(site, "unsupported", `the body has more than ${limits.maxParts} parts`, {
    hint: "give its `size`, or larger `partBytes`: parts of a body of unknown size grow, but this one is larger still",
  });
}

function only(checksums: Checksums, algorithms: readonly string[]): Checksums {
  return Object.fromEntries(digestEntries(checksums).filter(([algorithm]) => algorithms.includes(algorithm)));
}
