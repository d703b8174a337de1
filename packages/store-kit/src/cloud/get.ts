import type { GetOptions, GetResult, ObjectKey, OperationOptions } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { storeError } from "../errors.ts";
import type { ResolvedRange } from "../ranges/resolve.ts";
import { resolveRange } from "../ranges/resolve.ts";
import { slice } from "../ranges/slice.ts";
import { bufferedResult, streamedResult } from "../streams/result.ts";
import type { CloudBody, CloudObject, CloudRead } from "./backend.ts";
import type { CloudContext } from "./context.ts";
import { nameOf } from "./context.ts";
import { infoOf } from "./info.ts";
import { readBody } from "./read-body.ts";
import { resumable } from "./resume.ts";

/** `head` of a cloud store. */
export async function headObject(
  context: CloudContext,
  site: OperationSite,
  key: ObjectKey,
  options: OperationOptions,
): Promise<CloudObject> {
  const { signal } = options;
  const name = nameOf(context, key);
  return await context.retrier.run(() => context.backend.head(name, { site, signal }), signal);
}

/** `get` of a cloud store: one request for a short object, a body that goes on after a cut for a long one. */
export async function getObject(context: CloudContext, key: ObjectKey, options: GetOptions): Promise<GetResult> {
  const site = context.site("get", key);
  const name = nameOf(context, key);
  const call = await readOf(context, site, key, options);
  const { signal } = options;
  const body = await context.retrier.run(() => readBody(context.backend, name, call), signal);
  const info = infoOf(key, body.object);
  const range = await wanted(site, body, call.range);
  if (body.bytes !== undefined) {
    const start = range.offset - body.range.offset;
    const all = range.length === body.range.length;
    return bufferedResult(
      info,
      range,
      all ? body.bytes : new Uint8Array(body.bytes.subarray(start, start + range.length)),
    );
  }
  const source = resumable(context, site, body);
  const cut = { offset: range.offset - body.range.offset, length: range.length };
  const chunks = range.length === body.range.length ? source.chunks : slice(source.chunks, cut);
  return streamedResult(info, range, chunks, () => source.release());
}

/** A suffix is resolved here: not every server knows it, and one answers a status of 500. */
async function readOf(
  context: CloudContext,
  site: OperationSite,
  key: ObjectKey,
  options: GetOptions,
): Promise<CloudRead> {
  const { range, ifMatch, signal } = options;
  if (range === undefined || !("suffix" in range)) return { site, signal, range, ifMatch };
  const found = await headObject(context, site, key, { signal });
  if (ifMatch !== undefined && found.etag !== ifMatch) {
    throw storeError(site, "precondition-failed", "the object is not the one that ifMatch names");
  }
  // The object whose size was told, and no other.
  return { site, signal, range: resolveRange(site, range, found.size), ifMatch: found.etag };
}

/** The bytes that the caller gets of those that come. A server may answer the whole object to a request for a range. */
async function wanted(site: OperationSite, body: CloudBody, asked: CloudRead["range"]): Promise<ResolvedRange> {
  try {
    const range = resolveRange(site, asked, body.object.size);
    const { offset, length } = body.range;
    if (offset <= range.offset && offset + length >= range.offset + range.length) return range;
    throw storeError(
      site,
      "protocol",
      `the server sends ${length} bytes from ${offset}, asked were ${range.length} from ${range.offset}`,
      { hint: "report it to the server's maintainers; without `range` the whole object can be read" },
    );
  } catch (error) {
    await body.release();
    throw error;
  }
}
