import type { Bytes, GetOptions, GetResult, ObjectInfo, ObjectKey } from "@mortise/core";
import type { OperationSite, ResolvedRange } from "@mortise/store-kit";
import { bufferedResult, chunksOf, resolveRange, slice, storeError, streamedResult } from "@mortise/store-kit";
import { networkError } from "./errors.ts";
import { strongEtag } from "./propfind.ts";

/** Bodies up to this are read with the answer, so that no connection stays open. */
const atOnce = 256 * 1024;

/** The request headers for what is asked of an object. */
export function getHeaders({ range, ifMatch }: GetOptions): Readonly<Record<string, string>> {
  return {
    ...(range === undefined ? {} : { range: rangeHeader(range) }),
    ...(ifMatch === undefined ? {} : { "if-match": ifMatch }),
  };
}

/** `bytes=0-9`, or the last so many as `bytes=-10` (RFC 9110 §14.1.2). */
function rangeHeader(range: NonNullable<GetOptions["range"]>): string {
  if ("suffix" in range) return `bytes=-${range.suffix}`;
  return `bytes=${range.offset}-${range.length === undefined ? "" : range.offset + range.length - 1}`;
}

/** What the answer says of the object; undefined if it is not one of an object. */
export function infoOf(key: ObjectKey, { headers, status }: Response): ObjectInfo | undefined {
  const length =
    status === 206 ? /\/(\d+)$/.exec(headers.get("content-range") ?? "")?.[1] : headers.get("content-length");
  const modified = headers.get("last-modified");
  // A folder's page has no time; a compressed or chunked body has no length that could be trusted.
  if (length == null || modified === null || headers.has("content-encoding")) return undefined;
  return { key, size: Number(length), lastModified: new Date(modified), etag: strongEtag(headers.get("etag")) };
}

/** The answer as a result: read at once if it is small, else as it is pulled. */
export async function resultOf(
  site: OperationSite,
  info: ObjectInfo,
  response: Response,
  options: GetOptions,
): Promise<GetResult> {
  const range = resolveRange(site, options.range, info.size);
  const whole = response.status !== 206;
  if (!whole) checkStart(site, response, range);
  const body = received(site, response, options.signal);
  // A server may ignore the range and send everything.
  const chunks = whole && range.length < info.size ? slice(body, range) : body;
  if (range.length > atOnce)
    return streamedResult(info, range, chunks, async () => await response.body?.cancel().catch(() => undefined));
  const parts: Bytes[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return bufferedResult(info, range, new Uint8Array(await new Blob(parts as Uint8Array<ArrayBuffer>[]).arrayBuffer()));
}

function checkStart(site: OperationSite, { headers }: Response, { offset, length }: ResolvedRange): void {
  const found = headers.get("content-range") ?? "";
  if (found.startsWith(`bytes ${offset}-${offset + length - 1}/`)) return;
  throw storeError(site, "protocol", `asked for ${length} bytes from ${offset}, the server sent "${found}"`);
}

async function* received(
  site: OperationSite,
  response: Response,
  signal: AbortSignal | undefined,
): AsyncGenerator<Bytes> {
  try {
    yield* chunksOf(response.body ?? new Uint8Array());
  } catch (error) {
    signal?.throwIfAborted();
    throw networkError(site, error);
  }
}
