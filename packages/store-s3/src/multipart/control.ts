import type { CompletedPart } from "@aws-sdk/client-s3";
import type { CloudCall, CloudMultipart, CloudWrite, CloudWritten } from "@mortise/store-kit/cloud";
import { brokenAnswer } from "../errors.ts";
import { conditionOf } from "../object/put.ts";
import type { Sdk } from "../sdk/client.ts";
import { addDescription, headerText, quoted, unquoted, versionOf } from "../wire/fields.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
export async function startUpload(
  sdk: Sdk,
  bucket: string,
  name: string,
  call: CloudWrite,
  checksums: boolean,
): Promise<string> {
  const { contentType, metadata, site } = call;
  addDescription(site, {}, contentType, metadata);
  const encoded = Object.entries(metadata ?? {}).map(([key, value]) => [key, headerText(value)] as const);
  const { UploadId } = await sdk.run(
    { call, about: "object" },
    ({ CreateMultipartUploadCommand }) =>
      new CreateMultipartUploadCommand({
        Bucket: bucket,
        Key: name,
        ContentType: contentType,
        Metadata: Object.fromEntries(encoded),
        ...(checksums ? { ChecksumAlgorithm: "SHA256", ChecksumType: "COMPOSITE" } : {}),
      }),
  );
  if (UploadId === undefined || UploadId === "") throw brokenAnswer(site, "an upload id");
  return UploadId;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export async function completeUpload(
  sdk: Sdk,
  bucket: string,
  name: string,
  id: string,
  parts: readonly CompletedPart[],
  call: CloudWrite & { readonly size: number },
): Promise<CloudWritten> {
  const { mode, site } = call;
  const { ETag, VersionId } = await sdk.run(
    { call, about: "upload", condition: conditionOf(mode) },
    ({ CompleteMultipartUploadCommand }) =>
      new CompleteMultipartUploadCommand({
        Bucket: bucket,
        Key: name,
        UploadId: id,
        MultipartUpload: { Parts: [...parts] },
        IfNoneMatch: mode === "create" ? "*" : undefined,
        IfMatch: typeof mode === "object" ? quoted(mode.ifMatch) : undefined,
        // The server compares it with what it has.
        MpuObjectSize: call.size,
      }),
  );
  // An empty success is what a server says that gave up in the middle of it.
  if (ETag === undefined) throw brokenAnswer(site, "an ETag");
  return { etag: unquoted(ETag), version: versionOf(VersionId) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export async function abortUpload(sdk: Sdk, bucket: string, name: string, id: string, call: CloudCall): Promise<void> {
  await sdk.run(
    { call, about: "upload" },
    ({ AbortMultipartUploadCommand }) => new AbortMultipartUploadCommand({ Bucket: bucket, Key: name, UploadId: id }),
  );
}

/** Open uploads. MinIO lists only those of one exact name, and forgets them when it restarts. */
export function createUploadList(sdk: Sdk, bucket: string, decode: (text: string) => string): CloudMultipart["list"] {
  return async function* (prefix, call) {
    let KeyMarker: string | undefined;
    let UploadIdMarker: string | undefined;
    do {
      const from = { KeyMarker, UploadIdMarker };
      const page = await sdk.run(
        { call, about: "list" },
        ({ ListMultipartUploadsCommand }) =>
          new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix, EncodingType: "url", ...from }),
      );
      const name = page.EncodingType === "url" ? decode : (text: string): string => text;
      for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
        if (Key === undefined || UploadId === undefined) continue;
        yield { name: name(Key), id: UploadId, startedAt: Initiated ?? new Date(0) };
      }
      const more = page.IsTruncated === true;
      KeyMarker = more && page.NextKeyMarker !== undefined ? name(page.NextKeyMarker) : undefined;
      UploadIdMarker = more ? page.NextUploadIdMarker : undefined;
      const same = KeyMarker === from.KeyMarker && UploadIdMarker === from.UploadIdMarker;
      if (more && (KeyMarker === undefined || same)) throw brokenAnswer(call.site, "where the listing goes on");
    } while (KeyMarker !== undefined);
  };
}
