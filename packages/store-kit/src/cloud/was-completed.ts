import { createHasher, digest, isStoreError } from "@mortise/core";
import { digestEntries } from "../streams/digests.ts";
import type { CloudObject, CloudPart, CloudRead, CloudWrite, CloudWritten } from "./backend.ts";
import type { CloudContext } from "./context.ts";
import { orAbsent } from "./or-absent.ts";
import { isRefusal } from "./put.ts";
import { readBody } from "./read-body.ts";
import { describedAlike } from "./was-written.ts";

/** How far two clocks may differ at most: a signature of an older time is refused. Milliseconds. */
const clockTolerance = 15 * 60 * 1000;

/** An upload whose completion was refused, and what is known of it. */
export interface Completion {
  readonly name: string;
  readonly id: string;
  readonly parts: readonly CloudPart[];
  /** MD5s by number of parts that this process has sent and the server tells none of. */
  readonly digests: ReadonlyMap<number, string>;
  readonly call: CloudWrite & { readonly size: number };
  /** When this process first asked for it and got no answer; undefined if every answer came. */
  readonly askedAt: number | undefined;
}

/**
 * A server that has completed an upload does not know it any more, and refuses a second `create`. This tells whether the
 * object that is there is the one of the upload: by its digest where one is told, otherwise only if this process had asked
 * for it before, size and time are right and the upload's parts are gone. A write under a condition has at most one winner:
 * there the bytes must be those of the parts as well. Undefined if it is not, or may not be.
 */
export async function wasCompleted(context: CloudContext, completion: Completion): Promise<CloudWritten | undefined> {
  const { name, parts, call, askedAt } = completion;
  const found = await orAbsent(context.retrier.run(() => context.backend.head(name, call), call.signal));
  if (found === undefined || found.size !== call.size || !describedAlike(found, call)) return undefined;
  const written = { etag: found.etag, version: found.version, checksums: found.checksums };
  const proof = comparedByDigest(found, parts, call);
  if (proof !== undefined) return proof ? written : undefined;
  if (askedAt === undefined || found.lastModified.getTime() < askedAt - clockTolerance) return undefined;
  const left = await orAbsent(
    context.retrier.run(() => context.backend.multipart.parts(name, completion.id, call), call.signal),
  );
  if (left !== undefined && left.length > 0) return undefined;
  // Without a condition the last writer wins, and whoever wrote what is there may have been the last.
  return call.mode === "overwrite" || (await hasParts(context, found, completion)) ? written : undefined;
}

/** Reads an object back and compares it part by part; false where the MD5 of a part is not known. */
async function hasParts(
  context: CloudContext,
  found: CloudObject,
  { parts, digests, call: { site, signal } }: Completion,
): Promise<boolean> {
  let offset = 0;
  for (const { number, size, md5 = digests.get(number) } of parts) {
    if (md5 === undefined) return false;
    const call: CloudRead = { site, signal, ifMatch: found.etag, range: { offset, length: size } };
    if (size > 0 && (await context.retrier.run(() => digestOf(context, found.name, call), signal)) !== md5)
      return false;
    offset += size;
  }
  return true;
}

/** The MD5 of a range; undefined where there is no such object any more. */
async function digestOf({ backend }: CloudContext, name: string, call: CloudRead): Promise<string | undefined> {
  try {
    const body = await readBody(backend, name, call);
    try {
      const hasher = createHasher("md5");
      for await (const chunk of body.bytes === undefined ? body.chunks : [body.bytes]) hasher.update(chunk);
      return hasher.digest();
    } finally {
      await body.release();
    }
  } catch (error) {
    if (isRefusal(error) || isStoreError(error, "not-found")) return undefined;
    throw error;
  }
}

/** Undefined where neither the object's digests nor its ETag say anything about the parts. */
function comparedByDigest(found: CloudObject, parts: readonly CloudPart[], call: CloudWrite): boolean | undefined {
  for (const [algorithm, expected] of digestEntries(call.expect)) {
    const told = found.checksums?.[algorithm];
    if (told !== undefined) return told === expected.toLowerCase();
  }
  const etag = found.etag?.replaceAll('"', "");
  const composite = compositeOf(parts);
  if (etag === undefined || composite === undefined || !/^[0-9a-f]{32}-\d+$/.test(etag)) return undefined;
  return etag === composite;
}

/** What S3 servers give an object of several parts for an ETag: the MD5 of the parts' MD5s, and their number. */
function compositeOf(parts: readonly CloudPart[]): string | undefined {
  const joined = new Uint8Array(parts.length * 16);
  for (const [index, { md5 }] of parts.entries()) {
    if (md5 === undefined) return undefined;
    joined.set(Buffer.from(md5, "hex"), index * 16);
  }
  return `${digest("md5", joined)}-${parts.length}`;
}
