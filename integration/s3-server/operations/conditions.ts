import type { StoredObject } from "../bucket.ts";
import { emptyAnswer, errorAnswer, type S3Answer, type S3Head } from "../message.ts";

const unquoted = (etag: string): string => etag.trim().replace(/^(?:W\/)?"(.*)"$/, "$1");

const matches = (condition: string, object: StoredObject): boolean =>
  condition === "*" || condition.split(",").some((etag) => unquoted(etag) === unquoted(object.etag));

const failed = (condition: string): S3Answer =>
  errorAnswer(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    Condition: condition,
  });

const missing = (key: string): S3Answer =>
  errorAnswer(404, "NoSuchKey", "The specified key does not exist.", { Key: key });

/** The refusal of a write that its conditions forbid; undefined where it may go on. */
export function refusedWrite({ headers, key }: S3Head, current: StoredObject | undefined): S3Answer | undefined {
  const none = headers["if-none-match"];
  if (none !== undefined && current !== undefined && matches(none, current)) return failed("If-None-Match");
  const match = headers["if-match"];
  if (match === undefined) return undefined;
  if (current === undefined) return missing(key);
  return matches(match, current) ? undefined : failed("If-Match");
}

/** The refusal of a read: 404, 412 or 304. */
export function refusedRead({ headers, key }: S3Head, current: StoredObject | undefined): S3Answer | undefined {
  if (current === undefined) return missing(key);
  const match = headers["if-match"];
  if (match !== undefined && !matches(match, current)) return failed("If-Match");
  const none = headers["if-none-match"];
  return none !== undefined && matches(none, current) ? emptyAnswer(304, { etag: current.etag }) : undefined;
}

/** The refusal of a copy because of its source. */
export function refusedSource({ headers, key }: S3Head, source: StoredObject | undefined): S3Answer | undefined {
  if (source === undefined) return missing(key);
  const match = headers["x-amz-copy-source-if-match"];
  return match !== undefined && !matches(match, source) ? failed("x-amz-copy-source-If-Match") : undefined;
}
