import type { Bucket, StoredObject } from "../bucket.ts";
import { element, group, type S3Answer, type S3Head, xmlAnswer } from "../message.ts";

/** What a listing is made of: faults show another one. */
export interface Listed {
  /** In UTF-8 byte order. */
  readonly keys: readonly string[];
  readonly objects: ReadonlyMap<string, StoredObject>;
  /** The order inside a page, where it is not that of the keys. */
  readonly arrange?: ((page: readonly string[]) => readonly string[]) | undefined;
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Keys and common prefixes together, as pages count them. */
function entriesOf({ keys }: Listed, prefix: string, delimiter: string): readonly string[] {
  const found = keys.filter((key) => key.startsWith(prefix));
  if (delimiter === "") return found;
  const entries = found.map((key) => {
    const end = key.indexOf(delimiter, prefix.length);
    return end < 0 ? key : key.slice(0, end + delimiter.length);
  });
  return [...new Set(entries)];
}

export function listObjects(bucket: Bucket, request: S3Head, listed: Listed = trueListing(bucket)): S3Answer {
  const { query } = request;
  const [prefix, delimiter] = [query.get("prefix") ?? "", query.get("delimiter") ?? ""];
  const token = query.get("continuation-token");
  const limit = Math.min(1000, Number(query.get("max-keys") ?? 1000));
  const all = entriesOf(listed, prefix, delimiter);
  const after = query.get("start-after") ?? "";
  // A token names the last entry of the page before, so that it outlives writes between the pages.
  const last = token === null ? after : Buffer.from(token, "base64url").toString();
  const rest = all.filter((entry) => byBytes(entry, last) > 0);
  const page = rest.slice(0, limit);
  const encoded = query.get("encoding-type") === "url";
  const shown = (text: string): string => (encoded ? encodeURIComponent(text) : text);
  const next = page.length < rest.length ? page.at(-1) : undefined;
  return xmlAnswer(
    "ListBucketResult",
    element("Name", bucket.name),
    element("Prefix", shown(prefix)),
    ...(encoded ? [element("EncodingType", "url")] : []),
    element("KeyCount", page.length),
    element("MaxKeys", limit),
    element("IsTruncated", String(next !== undefined)),
    ...(next === undefined ? [] : [element("NextContinuationToken", Buffer.from(next).toString("base64url"))]),
    ...(listed.arrange?.(page) ?? page).map((entry) => {
      const object =
        delimiter !== "" && entry.endsWith(delimiter) && entry !== prefix ? undefined : listed.objects.get(entry);
      if (object === undefined) return group("CommonPrefixes", element("Prefix", shown(entry)));
      return group(
        "Contents",
        element("Key", shown(entry)),
        element("LastModified", object.modified.toISOString()),
        element("ETag", object.etag),
        element("Size", object.body.byteLength),
        element("StorageClass", "STANDARD"),
      );
    }),
  );
}

export const trueListing = (bucket: Bucket): Listed => ({ keys: bucket.sortedKeys, objects: bucket.objects });
