import type { Bucket, StoredObject } from "../bucket.ts";
import { emptyAnswer, errorAnswer, type S3Answer, type S3Head } from "../message.ts";
import { refusedRead } from "./conditions.ts";

const unsatisfiable = (size: number): S3Answer => {
  const answer = errorAnswer(416, "InvalidRange", "The requested range is not satisfiable");
  return { ...answer, headers: { ...answer.headers, "content-range": `bytes */${size}` } };
};

/** First and last byte of a range; undefined where there is none to heed, "refused" past the end. */
export function rangeOf(header: string | undefined, size: number): readonly [number, number] | "refused" | undefined {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  const [first, last] = [found?.[1] ?? "", found?.[2] ?? ""];
  if (first === "" && last === "") return undefined;
  if (first === "") return Number(last) === 0 || size === 0 ? "refused" : [Math.max(0, size - Number(last)), size - 1];
  if (Number(first) >= size) return "refused";
  if (last !== "" && Number(last) < Number(first)) return undefined;
  return [Number(first), last === "" ? size - 1 : Math.min(Number(last), size - 1)];
}

function headersOf(object: StoredObject, request: S3Head): Record<string, string> {
  const headers: Record<string, string> = {
    "accept-ranges": "bytes",
    "content-type": "binary/octet-stream",
    ...object.headers,
    etag: object.etag,
    "last-modified": object.modified.toUTCString(),
  };
  if (request.headers["x-amz-checksum-mode"] !== "ENABLED") {
    for (const name of Object.keys(headers)) if (name.startsWith("x-amz-checksum-")) delete headers[name];
  }
  return headers;
}

/** GetObject and HeadObject. */
export function read(bucket: Bucket, request: S3Head): S3Answer {
  const object = bucket.objects.get(request.key);
  const refusal = refusedRead(request, object);
  if (refusal !== undefined || object === undefined) return refusal ?? emptyAnswer(404);
  const headers = headersOf(object, request);
  const size = object.body.byteLength;
  const range = rangeOf(request.headers["range"], size);
  if (range === "refused") return unsatisfiable(size);
  if (range === undefined) return { status: 200, headers, body: object.body };
  // Digests are of the whole object and never come with a range.
  for (const name of Object.keys(headers)) if (name.startsWith("x-amz-checksum-")) delete headers[name];
  headers["content-range"] = `bytes ${range[0]}-${range[1]}/${size}`;
  return { status: 206, headers, body: object.body.subarray(range[0], range[1] + 1) };
}
