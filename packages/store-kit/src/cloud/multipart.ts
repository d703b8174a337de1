import type { ListOptions, Multipart, ObjectKey } from "@mortise/core";
import { compareKeys } from "@mortise/core";
import { storeError } from "../errors.ts";
import { shareBudget } from "../multipart/budget.ts";
import type { CloudWrite } from "./backend.ts";
import type { CloudContext } from "./context.ts";
import { keyOf, nameOf } from "./context.ts";
import { cloudUpload } from "./upload.ts";
import { writeOf } from "./write-of.ts";

/** Uploads in parts by keys, with retries, of a backend's by names. */
export function cloudMultipart(context: CloudContext): Multipart {
  const { backend, retrier } = context;
  const multipart: Multipart = {
    async start(key, options = {}) {
      const site = context.site("multipart.start", key);
      const name = nameOf(context, key);
      const call: CloudWrite = { ...writeOf(context, options), site, signal: options.signal };
      // An attempt whose answer is lost may leave an empty upload behind: `abortUploads` finds it.
      const id = await retrier.run(() => backend.multipart.start(name, call), options.signal);
      return cloudUpload(context, key, id, [], options);
    },
    async resume(key, id, options = {}) {
      const site = context.site("multipart.resume", key);
      const call = { site, signal: options.signal };
      const parts = await retrier.run(() => backend.multipart.parts(nameOf(context, key), id, call), options.signal);
      return cloudUpload(context, key, id, parts);
    },
    list: (options = {}) => listUploads(context, options),
  };
  return shareBudget(multipart, context.budget);
}

interface FoundUpload {
  readonly key: ObjectKey;
  readonly id: string;
  readonly startedAt: Date;
}

/** All at once, because a listing that breaks off is begun again; open uploads are few. */
async function* listUploads(context: CloudContext, options: ListOptions): AsyncGenerator<FoundUpload> {
  const { prefix = "", startAfter = "", delimiter, signal } = options;
  const site = context.site("multipart.list");
  if (delimiter !== undefined) throw storeError(site, "unsupported", "uploads have no folders: leave `delimiter` out");
  const found = await context.retrier.run(async () => {
    const uploads: FoundUpload[] = [];
    for await (const upload of context.backend.multipart.list(context.backend.prefix + prefix, { site, signal })) {
      const key = keyOf(context, upload.name);
      // Some servers take the prefix for an exact name, others don't look at it.
      if (key === undefined || !key.startsWith(prefix) || compareKeys(key, startAfter) <= 0) continue;
      uploads.push({ key, id: upload.id, startedAt: upload.startedAt });
    }
    return uploads;
  }, signal);
  yield* found;
}
