import type { GetResult, MinimalStore, ObjectKey, ObjectStore, PutOptions, PutResult } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { storeError } from "../errors.ts";

type Parts = Pick<ObjectStore, "get" | "put" | "delete" | "capabilities">;

/** A copy through this process, streamed: for backends without their own, and where digests of the bytes are asked for. */
export async function copyThrough(
  store: Parts,
  from: ObjectKey,
  to: ObjectKey,
  options: PutOptions,
): Promise<PutResult> {
  const source: GetResult = await store.get(from, { signal: options.signal });
  try {
    const { size, contentType, metadata } = source.info;
    return await store.put(to, source.body, { size, contentType, metadata, ...definedOnly(options) });
  } finally {
    await source[Symbol.asyncDispose]();
  }
}

/** Copy, then delete what was copied and nothing newer; a crash in between leaves both objects, never none. */
export async function moveThrough(
  store: Parts & Pick<ObjectStore, "copy">,
  site: OperationSite,
  from: ObjectKey,
  to: ObjectKey,
  etag: string | undefined,
  options: PutOptions,
): Promise<PutResult> {
  const result = await store.copy(from, to, options);
  const guarded = store.capabilities.conditionalDelete && etag !== undefined;
  const outcome = await store.delete(from, { signal: options.signal, ifMatch: guarded ? etag : undefined });
  if (outcome === "deleted") return result;
  throw storeError(site, "not-found", `the source vanished while it was moved; "${to}" has its content`);
}

/** Whether the backend's own copy can't keep what is asked: it never sees the bytes. */
export function needsBytes(store: MinimalStore, options: PutOptions): boolean {
  const { expect, compute, metadata, contentType } = options;
  return (
    !store.capabilities.serverSideCopy ||
    (expect !== undefined && Object.keys(expect).length > 0) ||
    (compute !== undefined && compute.length > 0) ||
    metadata !== undefined ||
    contentType !== undefined ||
    options.size !== undefined
  );
}

/** An option that is present but undefined must not hide the source's. */
export function definedOnly(options: PutOptions): PutOptions {
  return Object.fromEntries(Object.entries(options).filter((entry) => entry[1] !== undefined));
}
