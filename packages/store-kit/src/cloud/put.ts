import type { ByteSource, Bytes, ChecksumAlgorithm, Checksums, ObjectKey, PutOptions, PutResult } from "@mortise/core";
import { isStoreError } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { clockOf } from "../lifecycle/clock.ts";
import type { Semaphore } from "../limits/semaphore.ts";
import { shareOf } from "../limits/share.ts";
import { createDigester } from "../streams/digests.ts";
import { wrongSize } from "../streams/measure.ts";
import { chunksOf, knownSize } from "../streams/source.ts";
import type { CloudWrite, CloudWritten } from "./backend.ts";
import { collectUpTo } from "./collect-up-to.ts";
import type { CloudContext } from "./context.ts";
import { nameOf } from "./context.ts";
import { wasWritten } from "./was-written.ts";

/** Bodies up to this go in one piece, so that there is no progress to tell before the answer. */
const noProgressBytes = 512 * 1024;

/** How the bodies that are too long for one request are sent. */
export type PutInParts = (
  site: OperationSite,
  key: ObjectKey,
  chunks: AsyncIterable<Bytes>,
  options: PutOptions & { readonly budget: Semaphore },
) => Promise<PutResult>;

/** `put` of a cloud store: what fits in one request is one request, everything else goes in parts. */
export async function putObject(
  context: CloudContext,
  inParts: PutInParts,
  key: ObjectKey,
  body: ByteSource,
  options: PutOptions,
): Promise<PutResult> {
  const site = context.site("put", key);
  const { singlePutBytes } = context.backend;
  if (body instanceof Uint8Array && body.byteLength <= singlePutBytes) {
    return await putWhole(context, site, key, body, options);
  }
  const size = knownSize(body) ?? options.size;
  const chunks = chunksOf(body);
  const budget = shareOf(context.budget, clockOf(options.signal));
  try {
    if (size !== undefined && size > singlePutBytes)
      return await inParts(site, key, chunks, { ...options, size, budget });
    const most = size ?? singlePutBytes;
    const start = await collectUpTo(chunks, most, () => budget.reserve(most, options.signal));
    if (start.whole === undefined) return await inParts(site, key, start.chunks, { ...options, budget });
    if (size !== undefined && start.whole.byteLength !== size) throw wrongSize(site, start.whole.byteLength, size);
    return await putWhole(context, site, key, start.whole, options);
  } finally {
    budget.end();
  }
}

async function putWhole(
  context: CloudContext,
  site: OperationSite,
  key: ObjectKey,
  body: Bytes,
  options: PutOptions,
): Promise<PutResult> {
  const { mode = "overwrite", contentType, metadata, expect, signal, onProgress, compute } = options;
  const name = nameOf(context, key);
  const call: CloudWrite = {
    site,
    mode,
    contentType,
    metadata,
    expect,
    signal,
    onSent:
      onProgress === undefined || body.byteLength <= noProgressBytes ? undefined : (bytes) => onProgress({ bytes }),
  };
  const written = await context.retrier.run(async (attempt) => {
    try {
      return await context.backend.put(name, body, call);
    } catch (error) {
      if (!attempt.ambiguous || mode === "overwrite" || !isRefusal(error)) throw error;
      const ours = await wasWritten(context, name, body, call);
      if (ours === undefined) throw error;
      return ours;
    }
  }, signal);
  const { etag, version } = written;
  return { size: body.byteLength, etag, version, checksums: digestsOf(site, body, written, compute) };
}

const none: Checksums = {};

/** The digests that were asked for: the server's where it tells them. */
function digestsOf(
  site: OperationSite,
  body: Bytes,
  written: CloudWritten,
  compute: readonly ChecksumAlgorithm[] | undefined,
): Checksums {
  if (compute === undefined || compute.length === 0) return none;
  const told = written.checksums ?? none;
  const digester = createDigester(
    site,
    compute.filter((algorithm) => told[algorithm] === undefined),
  );
  digester?.update(body);
  const own = digester?.digest() ?? none;
  return Object.fromEntries(compute.map((algorithm) => [algorithm, told[algorithm] ?? own[algorithm]]));
}

/** Whether the server says that the condition of a write does not hold. */
export function isRefusal(error: unknown): boolean {
  return isStoreError(error, "already-exists") || isStoreError(error, "precondition-failed");
}
