import type { Operation } from "../message.ts";
import { refusedWrite } from "../operations/conditions.ts";
import { answering, type Fault, onlyFor, without } from "./fault.ts";

/** Writes over what is there, whatever the writer asked: `create` has two winners. */
export const ignoresIfNoneMatch: Fault = answering("ignores-if-none-match", (request, next) =>
  next(request.method === "GET" || request.method === "HEAD" ? request : without(request, "if-none-match")),
);

export const ignoresIfMatchOnPut: Fault = answering("ignores-if-match-on-put", (request, next) =>
  next(request.method === "PUT" || request.method === "POST" ? without(request, "if-match") : request),
);

export const ignoresIfMatchOnDelete: Fault = answering("ignores-if-match-on-delete", (request, next) =>
  next(request.method === "DELETE" ? without(request, "if-match") : request),
);

export const ignoresIfMatchOnGet: Fault = answering("ignores-if-match-on-get", (request, next) =>
  next(request.method === "GET" ? without(request, "if-match") : request),
);

export const ignoresIfMatchOnCopySource: Fault = answering("ignores-if-match-on-copy-source", (request, next) =>
  next(without(request, "x-amz-copy-source-if-match")),
);

/** Longer than a loaded machine needs to send several requests. */
const decidingMs = 100;

/** Looks whether the condition holds, and carries the request out later, whatever has happened in between. */
const checksThenActs = (name: string, operation: Operation): Fault =>
  onlyFor(
    [operation],
    answering(name, (request, next, { bucket }) => {
      if (request.headers["if-match"] === undefined && request.headers["if-none-match"] === undefined) {
        return next(request);
      }
      const refusal = refusedWrite(request, bucket.objects.get(request.key));
      const act = () => next(without(request, "if-match", "if-none-match"));
      return refusal ?? { status: 0, headers: {}, wire: { later: { ms: decidingMs, act } } };
    }),
  );

export const racesOnPut: Fault = checksThenActs("checks-then-puts", "PutObject");
export const racesOnDelete: Fault = checksThenActs("checks-then-deletes", "DeleteObject");

const frozen = '"00000000000000000000000000000000"';

/** Every object has the same ETag for ever: an overwritten one can't be told from the one before. */
export const neverChangesEtags: Fault = answering("never-changes-etags", (request, next) => {
  const ifMatch = request.headers["if-match"];
  const asked = ifMatch === frozen || ifMatch === frozen.slice(1, -1) ? without(request, "if-match") : request;
  const answer = next(request.operation === "CompleteMultipartUpload" ? request : asked);
  // Parts keep their own: an upload could not be completed without.
  if (request.operation === "UploadPart" || request.operation === "ListParts") return answer;
  const headers = answer.headers["etag"] === undefined ? answer.headers : { ...answer.headers, etag: frozen };
  if (answer.headers["content-type"] !== "application/xml" || answer.body === undefined) return { ...answer, headers };
  const body = answer.body.toString().replace(/<ETag>[^<]*<\/ETag>/g, `<ETag>${frozen}</ETag>`);
  return { ...answer, headers, body: Buffer.from(body) };
});

/** Takes every digest for right. */
export const ignoresDigests: Fault = answering("ignores-digests", (request, next) => {
  const names = Object.keys(request.headers).filter((name) => name.startsWith("x-amz-checksum-"));
  return next(without({ ...request }, "content-md5", ...names));
});

/** A presigned request is good for ever. */
export const ignoresPresignedExpiry: Fault = {
  name: "ignores-presigned-expiry",
  install: (scene) => {
    scene.flags.ignoreExpiry = true;
    return {};
  },
};
