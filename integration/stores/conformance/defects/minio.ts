import type { ServerDefect } from "@mortise/store-testkit";

const sameEtag: ServerDefect = {
  id: "etag-is-md5",
  reason: "an overwrite with the same bytes keeps the ETag, which is their MD5",
  cases: ["conditions.etag-changes"],
};

const uploadsByKeyOnly: ServerDefect = {
  id: "uploads-by-key-only",
  reason: "ListMultipartUploads finds an upload only where the prefix is its whole key",
  cases: ["multipart.list"],
};

const ghostPrefixes: ServerDefect = {
  id: "ghost-prefixes",
  reason: "a prefix below which there are only delete markers is still listed",
  cases: ["list.delimiter-empty"],
};

const hiddenBelow: ServerDefect = {
  id: "hidden-below-object",
  reason: "an object whose key goes on from another's, d/a from d, can be read but is not listed without a delimiter",
  cases: ["folders.list"],
};

/** MinIO, plain bucket. That it ignores If-Match of a DELETE is found by the probe. */
export const minioDefects: readonly ServerDefect[] = [sameEtag, uploadsByKeyOnly, hiddenBelow];

/** MinIO, bucket that keeps versions. */
export const minioVersionedDefects: readonly ServerDefect[] = [sameEtag, uploadsByKeyOnly, hiddenBelow, ghostPrefixes];
