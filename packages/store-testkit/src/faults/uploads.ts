import type { Multipart, MultipartUpload, ObjectKey } from "@mortise/core";

/** Runs one operation under the faults of its store. */
export type Strike = <T>(operation: string, key: ObjectKey, work: () => Promise<T>) => Promise<T>;

/** Uploads in parts whose every request may fail: also a part, the end, and the removal. */
export function faultyMultipart(inner: Multipart, strike: Strike): Multipart {
  return {
    start: async (key, options) =>
      faultyUpload(await strike("multipart.start", key, () => inner.start(key, options)), key, strike),
    resume: async (key, id, options) =>
      faultyUpload(await strike("multipart.resume", key, () => inner.resume(key, id, options)), key, strike),
    list: (options) => inner.list(options),
  };
}

function faultyUpload(inner: MultipartUpload, key: ObjectKey, strike: Strike): MultipartUpload {
  return {
    id: inner.id,
    limits: inner.limits,
    uploadPart: (number, part, options) =>
      strike("multipart.uploadPart", key, () => inner.uploadPart(number, part, options)),
    async *parts(options) {
      yield* await strike("multipart.parts", key, () => Promise.resolve(inner.parts(options)));
    },
    complete: (parts, options) => strike("multipart.complete", key, () => inner.complete(parts, options)),
    abort: (options) => strike("multipart.abort", key, () => inner.abort(options)),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  };
}
