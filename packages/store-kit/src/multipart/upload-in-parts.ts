import type {
  Multipart,
  MultipartUpload,
  ObjectKey,
  ObjectStore,
  PutResult,
  StoreCapabilities,
  UploadedPart,
} from "@mortise/core";
import { isStoreError } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { abortedError, asStoreError, storeError } from "../errors.ts";
import type { Semaphore } from "../limits/semaphore.ts";
import { createDigester, digestEntries } from "../streams/digests.ts";
import { measured } from "../streams/measure.ts";
import { chunksOf } from "../streams/source.ts";
import { budgetOf } from "./budget.ts";
import type { UploadInPartsOptions } from "./contract.ts";
import { discardUpload, withHint } from "./discard.ts";
import { partsProgress } from "./progress.ts";
import type { WholeProof } from "./proof.ts";
import { wholeProof } from "./proof.ts";
import type { Continuation } from "./resume.ts";
import { continueUpload, readPart } from "./resume.ts";
import { partsUnderWay } from "./under-way.ts";
import { completeUpload, defaultConcurrency, writeOptions } from "./upload-parts.ts";

/**
 * Uploads a Blob (of a file: `await openAsBlob(path)` of `node:fs`) so that it can be continued after the death of this
 * process: keep what `onStarted` is given, and call again with it as `uploadId`. Then only what the server lacks is sent;
 * parts that it has are compared by MD5, or the whole by a digest where the server tells none of parts. A failed upload
 * stays open, its id is in the error's hint unless it is a secret; one whose condition (`mode`) failed is aborted. Rejects
 * with `not-found` if the upload is unknown, with `unsupported` if the store has no `multipart` or can't prove that what it
 * has is of this source, and with `checksum-mismatch` if it is not, or before anything is sent if the source has not the
 * digests of `expect`.
 */
export async function uploadInParts(
  store: Pick<ObjectStore, "multipart" | "prepare" | "protocol"> & {
    readonly capabilities: Pick<StoreCapabilities, "checksums">;
  },
  key: ObjectKey,
  source: Blob,
  options: UploadInPartsOptions = {},
): Promise<PutResult> {
  const { signal } = options;
  const site: OperationSite = { operation: "uploadInParts", store: store.protocol, key };
  if (signal?.aborted === true) throw abortedError(site, signal.reason);
  const { multipart } = store;
  if (multipart === undefined) {
    throw storeError(site, "unsupported", "this store takes no uploads in parts", { hint: "use put" });
  }
  await checkSource(site, source, options);
  await store.prepare?.({ signal });
  const upload = await openUpload(multipart, key, source, options);
  try {
    if (options.uploadId === undefined) await options.onStarted?.(upload.id);
    const continuation = await continueUpload(site, upload, source, options);
    const { unproven } = continuation;
    const proof =
      unproven === 0 ? undefined : await wholeProof(site, store.capabilities, source.slice(0, unproven), signal);
    const parts = await sendMissing(site, upload, source, continuation, budgetOf(multipart), proof, options);
    const expect = proof === undefined ? options.expect : { ...options.expect, ...proof.expected() };
    return await completeProven(proof, completeUpload(site, upload, parts, source.size, { ...options, expect }));
  } catch (error) {
    if (isStoreError(error, "already-exists") || isStoreError(error, "precondition-failed")) {
      throw await discardUpload(site, upload, error);
    }
    // Where the id is a secret, it is known to whom onStarted has told it, and to nobody who reads a log.
    const uploadId = upload.limits.secretId === true ? "that onStarted was given" : `"${upload.id}"`;
    throw withHint(asStoreError(site, error), `continue it with the uploadId ${uploadId}, or abort it`);
  }
}

/** Says what it means where a whole that was continued is refused. */
async function completeProven(proof: WholeProof | undefined, completed: Promise<PutResult>): Promise<PutResult> {
  if (proof === undefined) return await completed;
  try {
    const result = await completed;
    proof.check(result);
    return result;
  } catch (error) {
    if (!isStoreError(error, "checksum-mismatch")) throw error;
    throw withHint(error, "what the server had of the upload is not of this source: abort it and begin another");
  }
}

async function openUpload(
  multipart: Multipart,
  key: ObjectKey,
  { size }: Blob,
  options: UploadInPartsOptions,
): Promise<MultipartUpload> {
  const { uploadId, signal } = options;
  if (uploadId === undefined) return await multipart.start(key, { ...writeOptions(options), size, signal });
  try {
    return await multipart.resume(key, uploadId, { signal });
  } catch (error) {
    if (!isStoreError(error, "not-found")) throw error;
    throw withHint(error, "it was completed or aborted: look at the object, or begin again without uploadId");
  }
}

async function sendMissing(
  site: OperationSite,
  upload: MultipartUpload,
  source: Blob,
  { kept, missing }: Continuation,
  budget: Semaphore,
  proof: WholeProof | undefined,
  options: UploadInPartsOptions,
): Promise<readonly UploadedPart[]> {
  const { onProgress, concurrency = defaultConcurrency } = options;
  const parts = [...kept];
  const had = kept.reduce((sum, part) => sum + part.size, 0);
  const progress = partsProgress(onProgress, source.size, had);
  const underWay = partsUnderWay(site, options.signal);
  const { signal } = underWay;
  try {
    await underWay.run(missing, upload.limits.sequential === true ? 1 : concurrency, async (part) => {
      signal.throwIfAborted();
      await budget.acquire(part.size, signal);
      try {
        const bytes = await readPart(source, part);
        // Parts whose order matters come here in order.
        proof?.update(bytes);
        const onSent = progress === undefined ? undefined : (sent: number) => progress.sending(part.number, sent);
        parts.push(await upload.uploadPart(part.number, bytes, { signal, onSent }));
      } finally {
        budget.release(part.size);
      }
      progress?.sent(part.number, part.size);
    });
  } finally {
    underWay.end();
  }
  return parts.sort((one, other) => one.number - other.number);
}

/** Reads the source once before anything is sent, if its digests are to be checked: parts go out in any order. */
async function checkSource(site: OperationSite, source: Blob, { expect, signal }: UploadInPartsOptions): Promise<void> {
  const digester = createDigester(
    site,
    digestEntries(expect).map(([algorithm]) => algorithm),
  );
  if (digester === undefined) return;
  for await (const _ of measured(site, chunksOf(source), { digester, expect }).chunks) {
    if (signal?.aborted === true) throw abortedError(site, signal.reason);
  }
}
