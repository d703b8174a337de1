import type { MultipartUpload } from "@mortise/core";
import { isStoreError, StoreError } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { asStoreError } from "../errors.ts";

/** How long removing what was sent may take, in milliseconds. */
const discardMs = 20_000;

/**
 * Aborts an upload after `failure`, looks whether parts are left (one that was under way may arrive after the abort),
 * and aborts again. Its signal is its own, since the caller's may be what ended the upload. Answers with the failure, and
 * with the upload's id in its hint, unless it is a secret, if the server could not be brought to forget it.
 */
export async function discardUpload(site: OperationSite, upload: MultipartUpload, failure: unknown): Promise<Error> {
  const error = asStoreError(site, failure);
  try {
    await abortTwice(upload, AbortSignal.timeout(discardMs));
    return error;
  } catch (left) {
    return withHint(
      error,
      `parts of ${named(upload)} may be left (${asStoreError(site, left).message}): abort it, or let the server remove it by its own rules`,
    );
  }
}

/** An upload in a message: by its id where whoever reads that can't write with it. */
function named({ id, limits }: Pick<MultipartUpload, "id" | "limits">): string {
  return limits.secretId === true ? "an upload whose id is secret" : `upload "${id}"`;
}

/** The same error with more of a hint. */
export function withHint(error: Error, hint: string): Error {
  if (!isStoreError(error)) return error;
  const { code, message, operation, store, key, retryable, status, requestId } = error;
  return new StoreError(code, message, {
    operation,
    store,
    key,
    retryable,
    status,
    requestId,
    hint: error.hint === undefined ? hint : `${error.hint}; ${hint}`,
    cause: error.cause ?? error,
  });
}

async function abortTwice(upload: MultipartUpload, signal: AbortSignal): Promise<void> {
  await upload.abort({ signal });
  if (!(await hasParts(upload, signal))) return;
  await upload.abort({ signal });
  if (await hasParts(upload, signal)) throw new Error("the server still lists parts of it");
}

async function hasParts(upload: MultipartUpload, signal: AbortSignal): Promise<boolean> {
  try {
    for await (const _ of upload.parts({ signal })) return true;
    return false;
  } catch (error) {
    if (isStoreError(error, "not-found")) return false;
    throw error;
  }
}
