import type { Bytes } from "@mortise/core";
import { digest, isStoreError } from "@mortise/core";
import { collect } from "../streams/collect.ts";
import type { CloudObject, CloudWrite, CloudWritten } from "./backend.ts";
import type { CloudContext } from "./context.ts";
import { readBody } from "./read-body.ts";

/**
 * After a lost answer the next attempt of a conditional write is refused, perhaps by what the lost one has written. This
 * tells: what is there now if it is what was sent, undefined if it is another's.
 */
export async function wasWritten(
  context: CloudContext,
  name: string,
  body: Bytes,
  call: CloudWrite,
): Promise<CloudWritten | undefined> {
  try {
    const found = await context.retrier.run(() => context.backend.head(name, call), call.signal);
    if (found.size !== body.byteLength || !describedAlike(found, call)) return undefined;
    if (!(await sameBytes(context, found, body, call))) return undefined;
    return { etag: found.etag, version: found.version, checksums: found.checksums };
  } catch (error) {
    if (isStoreError(error, "not-found") || isStoreError(error, "precondition-failed")) return undefined;
    throw error;
  }
}

/** Whether type and metadata are those that were sent; a server may add some of its own. */
export function describedAlike(found: CloudObject, call: CloudWrite): boolean {
  if (call.contentType !== undefined && found.contentType !== undefined && call.contentType !== found.contentType) {
    return false;
  }
  const { metadata = {} } = found;
  return Object.entries(call.metadata ?? {}).every(([name, value]) => metadata[name] === value);
}

/** By a digest that the server tells, otherwise by reading it back. Short digests such as CRC32C prove too little. */
async function sameBytes(context: CloudContext, found: CloudObject, body: Bytes, call: CloudWrite): Promise<boolean> {
  const { md5, sha256 } = found.checksums ?? {};
  if (sha256 !== undefined) return sha256 === digest("sha256", body);
  if (md5 !== undefined) return md5 === digest("md5", body);
  if (body.byteLength === 0) return true;
  const { site, signal } = call;
  const back = await context.retrier.run(async () => {
    const answer = await readBody(context.backend, found.name, { site, signal, ifMatch: found.etag });
    try {
      return answer.bytes ?? (await collect(answer.chunks, body.byteLength));
    } finally {
      await answer.release();
    }
  }, signal);
  return back.byteLength === body.byteLength && Buffer.compare(back, body) === 0;
}
