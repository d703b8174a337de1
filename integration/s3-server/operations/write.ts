import { type Bucket, etagOf, type StoredObject } from "../bucket.ts";
import {
  element,
  emptyAnswer,
  errorAnswer,
  group,
  type S3Answer,
  type S3Head,
  type S3Request,
  textOf,
  xmlAnswer,
} from "../message.ts";
import { refusedSource, refusedWrite } from "./conditions.ts";
import { keptDigests, refusedBody } from "./digests.ts";
import { bytesOf } from "./framing.ts";

const keptNames = /^(?:content-(?:type|disposition|language)|cache-control|x-amz-meta-.*)$/;

/** Headers of a request that are kept with its object. */
export function keptHeaders(head: S3Head): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name in head.headers) {
    const value = head.headers[name];
    if (value !== undefined && keptNames.test(name)) kept[name] = value;
  }
  return kept;
}

export function putObject(bucket: Bucket, request: S3Request): S3Answer {
  const refusal = refusedWrite(request, bucket.objects.get(request.key));
  if (refusal !== undefined) return refusal;
  const body = bytesOf(request);
  const wrong = refusedBody(request, body);
  if (wrong !== undefined) return wrong;
  const etag = etagOf(body);
  const digests = keptDigests(request);
  bucket.set(request.key, { body, etag, modified: new Date(), headers: { ...keptHeaders(request), ...digests } });
  return emptyAnswer(200, { etag, ...digests });
}

/** Answers 204 also where there was nothing, as S3 does. */
export function deleteObject(bucket: Bucket, request: S3Head): S3Answer {
  const refusal = refusedWrite(request, bucket.objects.get(request.key));
  if (refusal !== undefined) return refusal;
  bucket.delete(request.key);
  return emptyAnswer(204);
}

/** The object that `x-amz-copy-source` names, in this bucket only. */
export function sourceOf(bucket: Bucket, { headers }: S3Head): StoredObject | undefined {
  const [, name, key] = /^\/?([^/]+)\/([^?]*)/.exec(headers["x-amz-copy-source"] ?? "") ?? [];
  return name === bucket.name && key !== undefined ? bucket.objects.get(decodeURIComponent(key)) : undefined;
}

export function copyObject(bucket: Bucket, request: S3Head): S3Answer {
  const source = sourceOf(bucket, request);
  const refusal = refusedSource(request, source) ?? refusedWrite(request, bucket.objects.get(request.key));
  if (refusal !== undefined || source === undefined) return refusal ?? emptyAnswer(404);
  if (source.body.byteLength > 5 * 1024 ** 3) return errorAnswer(400, "InvalidRequest", "The source is too large.");
  const replace = request.headers["x-amz-metadata-directive"] === "REPLACE";
  const modified = new Date();
  const etag = etagOf(source.body);
  bucket.set(request.key, { ...source, etag, modified, headers: replace ? keptHeaders(request) : source.headers });
  return xmlAnswer("CopyObjectResult", element("LastModified", modified.toISOString()), element("ETag", etag));
}

/** The keys that the body of DeleteObjects names, with their ETags where it says them. */
const keysToDelete = (body: Buffer): readonly { readonly key: string; readonly etag: string | undefined }[] =>
  [...body.toString().matchAll(/<Object>(.*?)<\/Object>/gs)].map(([, object = ""]) => ({
    key: textOf(object, "Key") ?? "",
    etag: textOf(object, "ETag"),
  }));

export function deleteObjects(bucket: Bucket, request: S3Request): S3Answer {
  const body = bytesOf(request);
  const wrong = refusedBody(request, body);
  if (wrong !== undefined) return wrong;
  const entries = keysToDelete(body);
  if (entries.length === 0 || entries.length > 1000) return errorAnswer(400, "MalformedXML", "1 to 1000 keys");
  const quiet = textOf(body.toString(), "Quiet") === "true";
  const answers = entries.map(({ key, etag }) => {
    const current = bucket.objects.get(key);
    if (etag !== undefined && current?.etag !== etag) {
      return group("Error", element("Key", key), element("Code", "PreconditionFailed"), element("Message", "ETag"));
    }
    bucket.delete(key);
    return quiet ? "" : group("Deleted", element("Key", key));
  });
  return xmlAnswer("DeleteResult", ...answers);
}
