import { digest } from "@mortise/core";
import { base64Of } from "../api/digests.ts";
import type { Answer, GcsServer, Seen } from "./objects.ts";

/** The XML API's errors, and the JSON API's for media. */
function xmlError(status: number, code: string, message: string): Answer {
  const text = `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { "content-type": "application/xml; charset=UTF-8" }, body: Buffer.from(text) };
}

/** Bytes of an object, with what Google's headers tell. Only the XML API tells user metadata. */
export function answerDownload({ objects }: GcsServer, { url, headers }: Seen, name: string): Answer {
  const xml = !url.pathname.startsWith("/storage/v1/");
  const stored = objects.get(name);
  if (stored === undefined) return xmlError(404, "NoSuchKey", "The specified key does not exist.");
  const wanted = xml ? headers["x-goog-if-generation-match"] : url.searchParams.get("ifGenerationMatch");
  if (typeof wanted === "string" && wanted !== stored.generation) {
    return xmlError(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold.");
  }
  const { bytes, contentType, contentEncoding = "identity", metadata } = stored;
  const unpacked = contentEncoding === "gzip" && !/\bgzip\b/.test(String(headers["accept-encoding"]));
  const common = {
    "content-type": contentType,
    "last-modified": "Fri, 02 Jan 2026 03:04:05 GMT",
    "x-goog-generation": stored.generation,
    "x-goog-hash": `crc32c=${base64Of(digest("crc32c", bytes))},md5=${base64Of(digest("md5", bytes))}`,
    "x-goog-stored-content-encoding": contentEncoding,
    "x-goog-stored-content-length": String(bytes.byteLength),
    ...(contentEncoding === "gzip" && !unpacked ? { "content-encoding": "gzip" } : {}),
    ...(xml ? Object.fromEntries(Object.entries(metadata).map(([key, value]) => [`x-goog-meta-${key}`, value])) : {}),
  };
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? "") ?? [];
  if (first === undefined) return { status: 200, headers: common, body: bytes };
  const offset = Number(first);
  if (offset >= bytes.byteLength) return xmlError(416, "InvalidRange", "The requested range cannot be satisfied.");
  const end = Math.min(last === "" ? Number.POSITIVE_INFINITY : Number(last), bytes.byteLength - 1);
  return {
    status: 206,
    headers: { ...common, "content-range": `bytes ${offset}-${end}/${bytes.byteLength}` },
    body: bytes.subarray(offset, end + 1),
  };
}
