import type { MinimalStore, ObjectKey } from "@mortise/core";
import { isKey, isStoreError } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { asStoreError, storeError } from "../errors.ts";
import { withHint } from "../multipart/discard.ts";
import { noteClock } from "./clock.ts";
import type { ProbeContext } from "./context.ts";
import { probeContext, write } from "./context.ts";
import type { ProbeOptions, ProbeReport } from "./contract.ts";
import { probeCopies } from "./copies.ts";
import { probeListing } from "./listing.ts";
import { probeMultipart } from "./multipart.ts";
import { probePresign } from "./presign.ts";
import { probePuts } from "./puts.ts";
import { probeBody, probeChecksums, probeRanges } from "./reads.ts";
import { probeRemoval } from "./removal.ts";

/** How long removing the probe's objects may take, in milliseconds. */
const removeMs = 30_000;

/**
 * Finds out what a store really does, with objects of its own below `prefix`, all of which it removes; deletions are
 * tried last. About 100 small requests, up to several dozens at once. Rejects with the store's own error where the probe's objects
 * can't be written, read, listed or deleted, and where the server fails: that is no finding.
 */
export async function probeStore(store: MinimalStore, options: ProbeOptions = {}): Promise<ProbeReport> {
  const { storeName = store.protocol, prefix = "mortise-probe/", signal, now = Date.now } = options;
  const site: OperationSite = { operation: "probe", store: storeName };
  if (!prefix.endsWith("/") || !isKey(`${prefix}x`)) {
    throw storeError(
      site,
      "invalid-key",
      `the prefix ${JSON.stringify(prefix)} is no folder of keys, ending in a slash`,
    );
  }
  const context = probeContext(store, site, prefix, { signal });
  try {
    return await probe(context, options.presignExpiry === true, now);
  } catch (error) {
    if (!isStoreError(error, "permission-denied")) throw asStoreError(site, error);
    throw withHint(
      error,
      `the store is probed with objects of its own below "${prefix}": it must be allowed to write, read, list and delete there`,
    );
  } finally {
    await removeAll(context);
  }
}

async function probe(context: ProbeContext, presignExpiry: boolean, now: () => number): Promise<ProbeReport> {
  const key = context.key("body");
  const sentAt = now();
  await write(context, key, "body");
  const answeredAt = now();
  await probeBody(context, key, "body");
  const { lastModified } = await context.store.head(key, context.call);
  const clockSkewMs = noteClock(context, lastModified, sentAt, answeredAt);
  const [puts, multipart, copies, listing, ranges, checksums] = await all([
    probePuts(context),
    probeMultipart(context),
    probeCopies(context),
    probeListing(context),
    probeRanges(context),
    probeChecksums(context),
    presignExpiry ? probePresign(context) : undefined,
  ]);
  const conditionalDelete = await probeRemoval(context);
  const { etagChanges, etagChangesForSameBytes } = puts;
  return {
    formatVersion: 1,
    probedAt: new Date(answeredAt).toISOString(),
    capabilities: {
      create: { put: puts.create, multipart: multipart.create, copy: copies.create },
      ifMatch: { put: puts.ifMatch, multipart: multipart.ifMatch, copy: copies.ifMatch, get: puts.getIfMatch },
      conditionalDelete,
      checksums,
      ranges,
      ...listing,
      etagChanges,
      etagChangesForSameBytes,
    },
    findings: context.findings.sort((one, other) => (one.id < other.id ? -1 : 1)),
    clockSkewMs,
  };
}

/** `Promise.all` that waits for everything: what is still writing would leave objects behind the removal. */
async function all<const T extends readonly unknown[]>(work: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(work);
  return await Promise.all(work);
}

/** With a signal of its own: after an abort the objects must go as well. A failure here is not what the caller asked about. */
async function removeAll({ store, keys }: ProbeContext): Promise<void> {
  const signal = AbortSignal.timeout(removeMs);
  const left = await removeAtOnce(store, [...keys], signal);
  await Promise.allSettled(left.map((key) => store.delete(key, { signal })));
}

/** In few requests where the store can; gives the keys that are left. */
async function removeAtOnce(
  store: MinimalStore,
  keys: readonly ObjectKey[],
  signal: AbortSignal,
): Promise<readonly ObjectKey[]> {
  if (store.deleteMany === undefined) return keys;
  try {
    const { failed } = await store.deleteMany(keys, { signal });
    return failed.map(({ key }) => key);
  } catch {
    return keys;
  }
}
