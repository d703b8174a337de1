import { type Bucket, etagOf, md5, type StoredPart, type Upload } from "../bucket.ts";
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
import { refusedBody } from "./digests.ts";
import { bytesOf } from "./framing.ts";
import { rangeOf } from "./read.ts";
import { keptHeaders, sourceOf } from "./write.ts";

const noSuchUpload = (): S3Answer => errorAnswer(404, "NoSuchUpload", "The specified multipart upload does not exist.");

function uploadOf(bucket: Bucket, request: S3Head): Upload | undefined {
  const upload = bucket.uploads.get(request.query.get("uploadId") ?? "");
  return upload?.key === request.key ? upload : undefined;
}

export function createUpload(bucket: Bucket, request: S3Head): S3Answer {
  const refusal = refusedWrite(request, bucket.objects.get(request.key));
  if (refusal !== undefined) return refusal;
  const { id } = bucket.startUpload(request.key, keptHeaders(request));
  return xmlAnswer(
    "InitiateMultipartUploadResult",
    element("Bucket", bucket.name),
    element("Key", request.key),
    element("UploadId", id),
  );
}

function keepPart(bucket: Bucket, request: S3Head, body: Buffer): StoredPart | S3Answer {
  const upload = uploadOf(bucket, request);
  if (upload === undefined) return noSuchUpload();
  const number = Number(request.query.get("partNumber"));
  if (!(number >= 1 && number <= 10_000)) return errorAnswer(400, "InvalidArgument", "Part number must be 1 to 10000");
  const part = { body, etag: etagOf(body), modified: new Date() };
  upload.parts.set(number, part);
  return part;
}

export function uploadPart(bucket: Bucket, request: S3Request): S3Answer {
  const body = bytesOf(request);
  const wrong = refusedBody(request, body);
  if (wrong !== undefined) return wrong;
  const part = keepPart(bucket, request, body);
  return "status" in part ? part : emptyAnswer(200, { etag: part.etag });
}

export function uploadPartCopy(bucket: Bucket, request: S3Head): S3Answer {
  const source = sourceOf(bucket, request);
  const refusal = refusedSource(request, source);
  if (refusal !== undefined || source === undefined) return refusal ?? noSuchUpload();
  const range = rangeOf(request.headers["x-amz-copy-source-range"], source.body.byteLength);
  if (range === "refused") return errorAnswer(416, "InvalidRange", "The source has no such bytes");
  const part = keepPart(
    bucket,
    request,
    range === undefined ? source.body : source.body.subarray(range[0], range[1] + 1),
  );
  if ("status" in part) return part;
  return xmlAnswer("CopyPartResult", element("LastModified", part.modified.toISOString()), element("ETag", part.etag));
}

export function completeUpload(bucket: Bucket, request: S3Request): S3Answer {
  const upload = uploadOf(bucket, request);
  if (upload === undefined) return noSuchUpload();
  // A refused completion leaves the upload open.
  const refusal = refusedWrite(request, bucket.objects.get(request.key));
  if (refusal !== undefined) return refusal;
  const named = [
    ...bytesOf(request)
      .toString()
      .matchAll(/<Part>(.*?)<\/Part>/gs),
  ].map(([, part = ""]) => ({
    number: Number(textOf(part, "PartNumber")),
    etag: (textOf(part, "ETag") ?? "").replaceAll('"', ""),
  }));
  if (named.length === 0) return errorAnswer(400, "MalformedXML", "There are no parts");
  if (named.some(({ number }, index) => index > 0 && number <= (named[index - 1]?.number ?? 0))) {
    return errorAnswer(400, "InvalidPartOrder", "The list of parts was not in ascending order.");
  }
  const bodies: Buffer[] = [];
  for (const [index, { number, etag }] of named.entries()) {
    const part = upload.parts.get(number);
    if (part?.etag !== `"${etag}"`) return errorAnswer(400, "InvalidPart", `Part ${number} could not be found.`);
    if (part.body.byteLength < bucket.minPart && index < named.length - 1) {
      return errorAnswer(
        400,
        "EntityTooSmall",
        "Your proposed upload is smaller than the minimum allowed object size.",
      );
    }
    bodies.push(part.body);
  }
  const etag = `"${md5(Buffer.concat(bodies.map(md5))).toString("hex")}-${bodies.length}"`;
  bucket.set(request.key, { body: Buffer.concat(bodies), etag, modified: new Date(), headers: upload.headers });
  bucket.uploads.delete(upload.id);
  return xmlAnswer("CompleteMultipartUploadResult", element("Key", request.key), element("ETag", etag));
}

export function abortUpload(bucket: Bucket, request: S3Head): S3Answer {
  const upload = uploadOf(bucket, request);
  if (upload === undefined) return noSuchUpload();
  bucket.uploads.delete(upload.id);
  return emptyAnswer(204);
}

export function listParts(bucket: Bucket, request: S3Head): S3Answer {
  const upload = uploadOf(bucket, request);
  if (upload === undefined) return noSuchUpload();
  const after = Number(request.query.get("part-number-marker") ?? 0);
  const limit = Number(request.query.get("max-parts") ?? 1000);
  const parts = [...upload.parts].filter(([number]) => number > after).sort(([a], [b]) => a - b);
  const page = parts.slice(0, limit);
  return xmlAnswer(
    "ListPartsResult",
    element("Key", upload.key),
    element("UploadId", upload.id),
    element("IsTruncated", String(page.length < parts.length)),
    element("NextPartNumberMarker", page.at(-1)?.[0] ?? 0),
    ...page.map(([number, { body, etag, modified }]) =>
      group(
        "Part",
        element("PartNumber", number),
        element("ETag", etag),
        element("Size", body.byteLength),
        element("LastModified", modified.toISOString()),
      ),
    ),
  );
}

export function listUploads(bucket: Bucket, request: S3Head): S3Answer {
  const prefix = request.query.get("prefix") ?? "";
  const uploads = [...bucket.uploads.values()].filter(({ key }) => key.startsWith(prefix));
  return xmlAnswer(
    "ListMultipartUploadsResult",
    element("Bucket", bucket.name),
    element("Prefix", prefix),
    element("IsTruncated", "false"),
    ...uploads.map(({ id, key, started }) =>
      group("Upload", element("Key", key), element("UploadId", id), element("Initiated", started.toISOString())),
    ),
  );
}
