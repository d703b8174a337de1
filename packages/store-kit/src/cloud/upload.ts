import type {
  Bytes,
  MultipartUpload,
  ObjectKey,
  PutOptions,
  PutResult,
  UploadedPart,
  UploadPartOptions,
} from "@mortise/core";
import { digest, isStoreError } from "@mortise/core";
import { definedOnly } from "../complete/transfer.ts";
import type { OperationSite } from "../errors.ts";
import { storeError } from "../errors.ts";
import { isAmbiguous } from "../retry/retrier.ts";
import type { CloudPart, CloudWrite, CloudWritten } from "./backend.ts";
import type { CloudContext } from "./context.ts";
import { nameOf } from "./context.ts";
import { orAbsent } from "./or-absent.ts";
import { isRefusal } from "./put.ts";
import { wasCompleted } from "./was-completed.ts";
import { writeOf } from "./write-of.ts";

/**
 * One open upload of a cloud store. `found` are the parts that the server has already; `begun` is what `start` was told,
 * which holds for `complete` too unless that is told something else: a forgotten `create` must not overwrite.
 */
export function cloudUpload(
  context: CloudContext,
  key: ObjectKey,
  id: string,
  found: readonly CloudPart[],
  begun: PutOptions = {},
): MultipartUpload {
  const { backend, retrier } = context;
  const { limits } = backend.multipart;
  const name = nameOf(context, key);
  /** Of parts that are sent in order: the last number, and where it ends in bytes of the whole. */
  let last = found.at(-1)?.number ?? 0;
  let end = found.reduce((sum, part) => sum + part.size, 0);
  /** MD5s of parts that a condition hangs on and of which the server tells none: after a lost answer they tell whose object is there. */
  const digests = new Map<number, string>();
  const conditional = (begun.mode ?? "overwrite") !== "overwrite";
  let completed: PutResult | undefined;
  /** When completion was first asked for without an answer. */
  let askedAt: number | undefined;

  function checkOrder(site: OperationSite, number: number): void {
    if (limits.sequential !== true || number === last + 1) return;
    throw storeError(site, "unsupported", `part ${number} was sent where part ${last + 1} is due`, {
      hint: "this store takes the parts of an upload one after the other: look at limits.sequential",
    });
  }

  async function sendPart(
    site: OperationSite,
    number: number,
    body: Bytes,
    { signal, onSent }: UploadPartOptions,
  ): Promise<CloudPart> {
    checkOrder(site, number);
    const offset = limits.sequential === true ? end : 0;
    const call = { site, signal, onSent };
    const part = await retrier.run(async ({ ambiguous }) => {
      if (!ambiguous || limits.sequential !== true) {
        return await backend.multipart.uploadPart(name, id, { number, offset, body }, call);
      }
      return await sendRest(site, number, offset, body, call);
    }, signal);
    if (conditional && part.md5 === undefined) digests.set(number, digest("md5", body));
    last = number;
    end = offset + part.size;
    return part;
  }

  /** In an upload that only grows, a part whose answer was lost must not be sent a second time where it has arrived. */
  async function sendRest(
    site: OperationSite,
    number: number,
    offset: number,
    body: Bytes,
    call: { readonly site: OperationSite; readonly signal?: AbortSignal | undefined },
  ): Promise<CloudPart> {
    const parts = await backend.multipart.parts(name, id, call);
    const arrived = parts.reduce((sum, part) => sum + part.size, 0) - offset;
    if (arrived < 0 || arrived > body.byteLength) {
      throw storeError(
        site,
        "protocol",
        `the server has ${arrived + offset} bytes of the upload, ${offset} were sent`,
        {
          hint: "another process continues the same upload; abort it and begin again",
        },
      );
    }
    if (arrived === body.byteLength) return { number, size: arrived, token: parts.at(-1)?.token ?? "" };
    const rest = { number, offset: offset + arrived, body: body.subarray(arrived) };
    return { ...(await backend.multipart.uploadPart(name, id, rest, call)), size: body.byteLength };
  }

  return {
    id,
    limits,
    async uploadPart(number, body, options = {}) {
      const site = context.site("multipart.uploadPart", key);
      checkPart(site, limits, number, body);
      return toUploaded(await sendPart(site, number, body, options));
    },
    async *parts({ signal } = {}) {
      const site = context.site("multipart.parts", key);
      const parts = await retrier.run(() => backend.multipart.parts(name, id, { site, signal }), signal);
      for (const part of parts) yield toUploaded(part);
    },
    async complete(uploaded, options = {}) {
      // Asked again, for example after an abort that came too late: it is done.
      if (completed !== undefined) return completed;
      const site = context.site("multipart.complete", key);
      const parts = uploaded.map(toCloud).sort((one, other) => one.number - other.number);
      const size = parts.reduce((sum, part) => sum + part.size, 0);
      const call = { ...writeOf(context, { ...begun, ...definedOnly(options) }), site, signal: options.signal, size };
      const { etag, version, checksums = {} } = await complete(parts, call);
      completed = { size, etag, version, checksums };
      return completed;
    },
    async abort({ signal } = {}) {
      const site = context.site("multipart.abort", key);
      await retrier.run(() => backend.multipart.abort(name, id, { site, signal }), signal);
    },
    async [Symbol.asyncDispose]() {},
  };

  async function complete(
    parts: readonly CloudPart[],
    call: CloudWrite & { readonly size: number },
  ): Promise<CloudWritten> {
    return await retrier.run(async () => {
      try {
        return await backend.multipart.complete(name, id, parts, call);
      } catch (error) {
        const gone = isStoreError(error, "not-found");
        if (gone || (askedAt !== undefined && isRefusal(error))) {
          const written = await wasCompleted(context, { name, id, parts, digests, call, askedAt });
          if (written !== undefined) return written;
        }
        if (isAmbiguous(error)) askedAt ??= Date.now();
        throw (gone ? await refusalOf(call, error) : undefined) ?? error;
      }
    }, call.signal);
  }

  /** Some servers drop an upload whose condition did not hold: then what is there now says why it is gone. */
  async function refusalOf(call: CloudWrite, cause: unknown): Promise<Error | undefined> {
    const { site, mode, signal } = call;
    if (mode === "overwrite") return undefined;
    const found = await orAbsent(retrier.run(() => backend.head(name, call), signal));
    const hint = "look at the object: it may be another writer's";
    if (mode === "create") {
      return found && storeError(site, "already-exists", "the object is there, and the upload is not", { hint, cause });
    }
    if (found?.etag === mode.ifMatch) return undefined;
    return storeError(site, "precondition-failed", "the object is not the one that ifMatch names", { hint, cause });
  }
}

function checkPart(site: OperationSite, limits: MultipartUpload["limits"], number: number, body: Bytes): void {
  if (!(Number.isSafeInteger(number) && number >= 1 && number <= limits.maxParts)) {
    throw storeError(site, "unsupported", `part ${number}: numbers go from 1 to ${limits.maxParts}`);
  }
  if (body.byteLength <= limits.maxPart) return;
  throw storeError(site, "unsupported", `a part has ${body.byteLength} bytes, ${limits.maxPart} are allowed`);
}

function toUploaded({ number, size, token, md5 }: CloudPart): UploadedPart {
  return { number, size, token, checksums: md5 === undefined ? undefined : { md5 } };
}

function toCloud({ number, size, token, checksums }: UploadedPart): CloudPart {
  return { number, size, token, md5: checksums?.md5 };
}
