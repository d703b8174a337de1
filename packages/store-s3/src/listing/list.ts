import type { CloudBackend, CloudObject } from "@mortise/store-kit/cloud";
import { brokenAnswer } from "../errors.ts";
import type { Sdk } from "../sdk/client.ts";
import { decodeListed } from "../sign/encode.ts";
import { unquoted } from "../wire/fields.ts";

/** Keys per page, at most. */
const most = 1000;

/**
 * One page. Names come percent-encoded, because XML can't hold every character of a key; the SDK leaves them so, and a
 * server that does not know `encoding-type` says so by not repeating it.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export function createList(sdk: Sdk, bucket: string): CloudBackend["list"] {
  return async (call) => {
    const page = await sdk.run(
      { call, about: "list" },
      ({ ListObjectsV2Command }) =>
        new ListObjectsV2Command({
          Bucket: bucket,
          Prefix: call.prefix,
          Delimiter: call.delimiter,
          StartAfter: call.token === undefined ? call.startAfter : undefined,
          ContinuationToken: call.token,
          MaxKeys: Math.min(call.limit, most),
          EncodingType: "url",
        }),
    );
    // What is no listing at all must not be taken for an empty one.
    if (page.Name === undefined && page.KeyCount === undefined) {
      throw brokenAnswer(call.site, "a listing");
    }
    // Some servers say no more of it than the token.
    const next = page.IsTruncated === false ? undefined : page.NextContinuationToken || undefined;
    if (page.IsTruncated === true && next === undefined) {
      throw brokenAnswer(call.site, "where the listing goes on");
    }
    const decode = page.EncodingType === "url" ? decodeListed : (text: string): string => text;
    return {
      objects: (page.Contents ?? []).map(({ Key, Size, LastModified, ETag }): CloudObject => {
        if (Key === undefined || Size === undefined || LastModified === undefined) {
          throw brokenAnswer(call.site, "a key, size or time");
        }
        const etag = ETag === undefined ? undefined : unquoted(ETag);
        // MinIO lists milliseconds that HEAD does not tell: the same object has one time here.
        const lastModified = new Date(Math.floor(LastModified.getTime() / 1000) * 1000);
        return { name: decode(Key), size: Size, lastModified, etag };
      }),
      prefixes: (page.CommonPrefixes ?? []).map(({ Prefix }) => decode(Prefix ?? "")),
      next,
    };
  };
}
