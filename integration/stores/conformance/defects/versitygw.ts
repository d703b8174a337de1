import type { ServerDefect } from "@mortise/store-testkit";

/** Versity's gateway over a folder. */
export const versitygwDefects: readonly ServerDefect[] = [
  {
    id: "etag-is-md5",
    reason: "an overwrite with the same bytes keeps the ETag, which is their MD5",
    cases: ["conditions.etag-changes"],
  },
];
