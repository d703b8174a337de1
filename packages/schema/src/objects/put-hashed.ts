import {
  type Bytes,
  digest,
  isStoreError,
  type Logger,
  type ObjectInfo,
  type ObjectKey,
  type ObjectStore,
  type PutMode,
  type PutResult,
  StoreError,
} from "@mortise/core";
import { type HashedSource, hashStream } from "./hashed-source.ts";

/** From this size on a look is cheaper than sending the body in vain. */
const headFirstBytes = 1024 * 1024;

/** Up to this size an existing object is read in one piece. */
const wholeBytes = 8 * 1024 * 1024;

/** Default of `rehashBytes`. */
export const defaultRehashBytes: number = 8 * 1024 * 1024;

/** How often an object may appear and vanish under our hands before we give up. */
const rounds = 5;

/** What happened to a hash-addressed object. */
export type HashedOutcome = "uploaded" | "deduplicated" | "repaired";

/** One upload of content that names itself. */
export interface HashedWrite {
  readonly store: ObjectStore;
  readonly key: ObjectKey;
  readonly source: HashedSource;
  /** The ledger mistrusts the path: written again whatever is there. */
  readonly certain: boolean;
  /** An existing object up to this size is read and hashed before it is trusted; a larger one is compared by size. */
  readonly rehashBytes: number;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/**
 * W2 for content that names itself. An object that is there already is trusted only if its content was seen to be right:
 * the reference trusts any, and one truncated upload then poisons every later insert of the same bytes.
 */
export async function putHashed(write: HashedWrite): Promise<HashedOutcome> {
  const { store, source } = write;
  const create: PutMode = store.capabilities.putModes.has("create") ? "create" : "overwrite";
  if (write.certain) {
    await put(write, "overwrite");
    return "uploaded";
  }
  let look = source.size > headFirstBytes || create !== "create";
  for (let round = 0; round < rounds; round += 1) {
    const existing = look ? await headIfThere(write) : undefined;
    if (existing === undefined) {
      if (await tryPut(write, create)) return "uploaded";
      look = true;
    } else if (await isIntact(write, existing)) {
      if (await isDurable(write)) return "deduplicated";
    } else if (await tryPut(write, replaceMode(write, existing))) {
      write.logger.warn("objects.corrupt-replaced", { key: write.key, size: existing.size, expected: source.size });
      return "repaired";
    }
  }
  throw new StoreError("unavailable", `${write.key} appeared and vanished ${rounds} times while it was written`, {
    operation: "put",
    store: store.protocol,
    key: write.key,
  });
}

async function put(write: HashedWrite, mode: PutMode): Promise<PutResult> {
  const { source } = write;
  return await write.store.put(write.key, source.open(), {
    mode,
    size: source.size,
    signal: write.signal,
    ...(source.verify ? { expect: { md5: source.md5 } } : {}),
  });
}

/** False when somebody else was faster. */
async function tryPut(write: HashedWrite, mode: PutMode): Promise<boolean> {
  try {
    await put(write, mode);
    return true;
  } catch (error) {
    if (isStoreError(error, "already-exists") || isStoreError(error, "precondition-failed")) return false;
    throw error;
  }
}

/** Replaces exactly the object that was found corrupt, where the store can be told so. */
function replaceMode(write: HashedWrite, existing: ObjectInfo): PutMode {
  const conditional = write.store.capabilities.putModes.has("ifMatch") && existing.etag !== undefined;
  return conditional ? { ifMatch: existing.etag } : "overwrite";
}

/** Missing is an answer here; every other failure is not. */
async function headIfThere(write: HashedWrite): Promise<ObjectInfo | undefined> {
  try {
    return await write.store.head(write.key, { signal: write.signal });
  } catch (error) {
    if (isStoreError(error, "not-found")) return undefined;
    throw error;
  }
}

/** Only another size or another MD5 of the bytes read back convicts: an ETag may be anything. */
async function isIntact(write: HashedWrite, existing: ObjectInfo): Promise<boolean> {
  const { source } = write;
  if (existing.size !== source.size) return false;
  if (source.size > write.rehashBytes) return true;
  try {
    await using found = await write.store.get(write.key, { signal: write.signal });
    if (source.size > wholeBytes) return (await hashStream(found.body)).md5 === source.md5;
    return sameContent(await found.bytes(), source);
  } catch (error) {
    if (isStoreError(error, "not-found") || isStoreError(error, "checksum-mismatch")) return false;
    throw error;
  }
}

/** Its writer may have been killed before it was flushed; the row must not outlive it. False when it has vanished. */
async function isDurable(write: HashedWrite): Promise<boolean> {
  try {
    await write.store.ensureDurable?.(write.key, { signal: write.signal });
    return true;
  } catch (error) {
    if (isStoreError(error, "not-found")) return false;
    throw error;
  }
}

/** Comparing with what is in memory is cheaper than a digest of both. */
function sameContent(found: Bytes, source: HashedSource): boolean {
  const body = source.open();
  if (ArrayBuffer.isView(body)) return Buffer.compare(found, body) === 0;
  return digest("md5", found) === source.md5;
}
