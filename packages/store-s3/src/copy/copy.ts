import type { CompletedPart } from "@aws-sdk/client-s3";
import { forEachParallel } from "@mortise/store-kit";
import type { CloudBackend, CloudCopy, CloudWritten } from "@mortise/store-kit/cloud";
import type { Target } from "../connect/connection.ts";
import { brokenAnswer } from "../errors.ts";
import { abortUpload, completeUpload, startUpload } from "../multipart/control.ts";
import type { Sdk } from "../sdk/client.ts";
import { encodeName } from "../sign/encode.ts";
import { nothing, quoted, unquoted, versionOf } from "../wire/fields.ts";

/** What a copy is made with, and how it is cut. */
export interface CopyOptions {
  readonly target: Target;
  readonly sdk: Sdk;
  /** Writes an empty object: there is no range of one to copy. */
  readonly put: CloudBackend["put"];
  /** Bytes that one request copies, and that each part has of a longer object; 5 GiB is the most that servers take. */
  readonly partBytes?: { readonly whole: number; readonly part: number } | undefined;
}

const defaults = { whole: 5 * 1024 ** 3, part: 512 * 1024 ** 2 };
/** Parts under way at once: the server does the work. */
const concurrency = 8;
const maxParts = 10_000;
/** Milliseconds that removing the parts of a failed copy may take. */
const cleanUpMs = 10_000;

/**
 * A copy by the server, of the very object that `source` describes. One request where that will do; parts for what is
 * above 5 GiB and for conditions, since servers were seen to ignore a condition of a plain copy.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
export function createCopy(options: CopyOptions): NonNullable<CloudBackend["copy"]> {
  const { sdk, target, put, partBytes = defaults } = options;
  const { bucket } = target;
  return async (to, call) => {
    const { source, mode } = call;
    const { contentType, metadata } = source;
    if (source.size === 0) return await put(to, nothing, { ...call, contentType, metadata });
    if (mode !== "overwrite" || source.size > partBytes.whole) return await copyInParts(options, to, call);
    const answer = await sdk.run(
      { call, about: "object", condition: "source" },
      ({ CopyObjectCommand }) => new CopyObjectCommand({ Bucket: bucket, Key: to, ...sourceOf(bucket, call) }),
    );
    const etag = answer.CopyObjectResult?.ETag;
    if (etag === undefined) throw brokenAnswer(call.site, "an ETag");
    return { etag: unquoted(etag), version: versionOf(answer.VersionId) };
  };
}

function sourceOf(bucket: string, { source }: CloudCopy): { CopySource: string; CopySourceIfMatch?: string } {
  const { etag, name } = source;
  const CopySource = `${encodeURIComponent(bucket)}/${encodeName(name)}`;
  return etag === undefined ? { CopySource } : { CopySource, CopySourceIfMatch: quoted(etag) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html */
async function copyInParts(options: CopyOptions, to: string, call: CloudCopy): Promise<CloudWritten> {
  const { sdk, target, partBytes = defaults } = options;
  const { bucket } = target;
  const { source, mode, site } = call;
  const { size, contentType, metadata } = source;
  const id = await startUpload(sdk, bucket, to, { ...call, contentType, metadata }, false);
  try {
    // An object of one part has another ETag than a copied one; it can't be helped where a condition is to be kept.
    const step = size <= partBytes.whole ? size : Math.max(partBytes.part, Math.ceil(size / maxParts));
    const starts = Array.from({ length: Math.ceil(size / step) }, (_, index) => index * step);
    const parts: CompletedPart[] = [];
    let copied = 0;
    await forEachParallel(starts, concurrency, async (start) => {
      const number = start / step + 1;
      const end = Math.min(start + step, size);
      const ask = { call, about: "upload", condition: "source" } as const;
      const answer = await sdk.run(
        ask,
        ({ UploadPartCopyCommand }) =>
          new UploadPartCopyCommand({
            Bucket: bucket,
            Key: to,
            UploadId: id,
            PartNumber: number,
            ...(starts.length === 1 ? {} : { CopySourceRange: `bytes=${start}-${end - 1}` }),
            ...sourceOf(bucket, call),
          }),
      );
      const etag = answer.CopyPartResult?.ETag;
      if (etag === undefined) throw brokenAnswer(site, "an ETag");
      parts[number - 1] = { PartNumber: number, ETag: etag };
      copied += end - start;
      call.onSent?.(copied);
    });
    return await completeUpload(sdk, bucket, to, id, parts, { ...call, mode, size });
  } catch (error) {
    // Not with the caller's signal, which may be why it failed. Parts that stay are an open upload, which is listed.
    await abortUpload(sdk, bucket, to, id, { site, signal: AbortSignal.timeout(cleanUpMs) }).catch(
      (failed: unknown) => {
        target.logger.warn("parts of a failed copy could not be removed", {
          uploadId: id,
          name: to,
          error: String(failed),
        });
      },
    );
    throw error;
  }
}
