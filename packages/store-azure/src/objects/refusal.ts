import type { PutMode, StoreError } from "@mortise/core";
import { isStoreError } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";
import type { CloudWrite } from "@mortise/store-kit/cloud";
import type { Container } from "./container.ts";
import { headBlob } from "./head.ts";

/**
 * What a refused write means under its condition: the service answers a `create` over an object with 409
 * BlobAlreadyExists or 412, and an `ifMatch` of an absent object with 412 or 404.
 */
export function refusalOf(site: OperationSite, mode: PutMode, error: StoreError): StoreError {
  const { status, requestId } = error;
  const again = { status, requestId };
  if (mode === "create" && (isStoreError(error, "precondition-failed") || status === 304)) {
    return storeError(site, "already-exists", "the object exists", again);
  }
  if (typeof mode === "object" && (isStoreError(error, "not-found") || isStoreError(error, "already-exists"))) {
    return storeError(site, "precondition-failed", "there is no object that the condition could name", again);
  }
  return error;
}

/**
 * The same where the answer does not tell whether it was the target that refused: the target is looked at. `error`
 * unchanged where it meets the condition.
 */
export async function refusalByTarget(
  container: Container,
  name: string,
  call: CloudWrite,
  error: StoreError,
): Promise<StoreError> {
  const { mode, site } = call;
  if (mode === "overwrite") return error;
  const { status, requestId } = error;
  try {
    const { etag } = await headBlob(container, name, call);
    if (mode === "create") return storeError(site, "already-exists", "the object exists", { status, requestId });
    if (etag === mode.ifMatch) return error;
  } catch (cause) {
    if (!isStoreError(cause, "not-found") || mode === "create") return error;
  }
  const found = "the object is not the one that the condition names any more";
  return storeError(site, "precondition-failed", found, { status, requestId });
}
