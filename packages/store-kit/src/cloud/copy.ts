import type { ObjectKey, PutOptions, PutResult } from "@mortise/core";
import { createHasher, isStoreError } from "@mortise/core";
import { copyThrough } from "../complete/transfer.ts";
import type { CloudBackend, CloudCopy, CloudObject, CloudWritten } from "./backend.ts";
import type { CloudContext } from "./context.ts";
import { nameOf } from "./context.ts";
import { getObject, headObject } from "./get.ts";
import { orAbsent } from "./or-absent.ts";
import { isRefusal } from "./put.ts";

type Streaming = Parameters<typeof copyThrough>[0];

/** `copy` by the server. A condition that it can't keep for copies is kept by a write of the streamed bytes. */
export async function copyObject(
  context: CloudContext,
  copy: NonNullable<CloudBackend["copy"]>,
  through: Streaming,
  from: ObjectKey,
  to: ObjectKey,
  options: PutOptions,
  honoured: { readonly create: boolean; readonly ifMatch: boolean },
): Promise<PutResult> {
  const { mode = "overwrite", signal, onProgress } = options;
  const site = context.site("copy", from);
  const unkept = mode === "create" ? !honoured.create : mode !== "overwrite" && !honoured.ifMatch;
  if (unkept) return await copyThrough(through, from, to, options);
  const source = await headObject(context, site, from, { signal });
  const onSent = onProgress && ((bytes: number) => onProgress({ bytes, total: source.size }));
  const call: CloudCopy = { site, signal, mode, source, onSent };
  try {
    const written = await context.retrier.run(async (attempt) => {
      try {
        return await copy(nameOf(context, to), call);
      } catch (error) {
        if (!attempt.ambiguous || mode === "overwrite" || !isRefusal(error)) throw error;
        const ours = await wasCopied(context, to, call);
        if (ours === undefined) throw error;
        return ours;
      }
    }, signal);
    const { etag, version, checksums = {} } = written;
    return { size: source.size, etag, version, checksums };
  } catch (error) {
    if (mode === "overwrite" || !isStoreError(error, "unsupported")) throw error;
    return await copyThrough(through, from, to, options);
  }
}

/** After a lost answer: what is at `to` if it is the source's content, undefined if it is another's. */
async function wasCopied(context: CloudContext, to: ObjectKey, call: CloudCopy): Promise<CloudWritten | undefined> {
  const found = await orAbsent(headObject(context, call.site, to, call));
  if (found === undefined || found.size !== call.source.size) return undefined;
  const [theirs, ours] = [found.checksums?.md5, call.source.checksums?.md5];
  const known = theirs !== undefined && ours !== undefined;
  const same = known ? theirs === ours : await sameContent(context, found, call);
  return same ? { etag: found.etag, version: found.version, checksums: found.checksums } : undefined;
}

async function sameContent(context: CloudContext, found: CloudObject, call: CloudCopy): Promise<boolean> {
  const [theirs, ours] = await Promise.all([found, call.source].map((object) => contentDigest(context, object, call)));
  return theirs === ours;
}

async function contentDigest(context: CloudContext, object: CloudObject, call: CloudCopy): Promise<string> {
  const key = object.name.slice(context.backend.prefix.length) as ObjectKey;
  await using result = await getObject(context, key, { ifMatch: object.etag, signal: call.signal });
  const hasher = createHasher("sha256");
  for await (const chunk of result.body) hasher.update(chunk);
  return hasher.digest();
}
