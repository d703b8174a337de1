import type { CompletedPart } from "@aws-sdk/client-s3";
import { digest, isStoreError } from "@mortise/core";
import type { CloudBackend, CloudCall, CloudMultipart, CloudPart, CloudWritten } from "@mortise/store-kit/cloud";
import type { Target } from "../connect/connection.ts";
import { brokenAnswer } from "../errors.ts";
import { writtenEtag } from "../object/put.ts";
import type { Sdk } from "../sdk/client.ts";
import { decodeListed, encodePart } from "../sign/encode.ts";
import { base64Of, md5OfEtag, unquoted } from "../wire/fields.ts";
import type { Send } from "../wire/send.ts";
import { abortUpload, completeUpload, createUploadList, startUpload } from "./control.ts";
import { limits } from "./limits.ts";

/** What completing needs of a part: its ETag, and its checksum where the upload was begun with one. */
function tokenOf(etag: string, sha256: string | undefined): string {
  return sha256 === undefined ? etag : `${etag} ${sha256}`;
}

function partOf({ number, token }: CloudPart): CompletedPart {
  const [etag = "", sha256] = token.split(" ");
  return { PartNumber: number, ETag: `"${etag}"`, ...(sha256 === undefined ? {} : { ChecksumSHA256: sha256 }) };
}

/** What uploads in parts are made of. */
export interface MultipartOptions {
  readonly target: Target;
  readonly sdk: Sdk;
  readonly send: Send;
  readonly head: CloudBackend["head"];
  /** Whether parts carry a checksum header. */
  readonly checksums: boolean;
}

async function checkCompleted(
  head: CloudBackend["head"],
  name: string,
  { etag }: CloudWritten,
  call: CloudCall & { readonly size: number },
): Promise<void> {
  const found = await head(name, call);
  if (found.etag === etag && found.size === call.size) return;
  throw brokenAnswer(call.site, "what was uploaded: another object is there");
}

/** Uploads in parts: the parts by the lean transport, everything around them by the SDK. */
export function createMultipart(options: MultipartOptions): CloudMultipart {
  const { target, sdk, send, head, checksums } = options;
  const { bucket } = target;
  return {
    limits,
    start: (name, call) => startUpload(sdk, bucket, name, call, checksums),

    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html
    async uploadPart(name, id, { number, body }, call) {
      const sha256 = digest("sha256", body);
      const checksum = checksums ? base64Of(sha256) : undefined;
      const headers: Record<string, string> = checksum === undefined ? {} : { "x-amz-checksum-sha256": checksum };
      const query = `partNumber=${number}&uploadId=${encodePart(id)}`;
      const response = await send({ method: "PUT", name, query, headers, body, sha256, call, about: "upload" });
      const etag = writtenEtag(call.site, response);
      return {
        number,
        size: body.byteLength,
        token: tokenOf(etag, checksum),
        md5: md5OfEtag(etag, response.headers),
      };
    },

    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html
    async parts(name, id, call) {
      const found: CloudPart[] = [];
      let marker: string | undefined;
      do {
        const PartNumberMarker = marker;
        const page = await sdk.run(
          { call, about: "upload" },
          ({ ListPartsCommand }) => new ListPartsCommand({ Bucket: bucket, Key: name, UploadId: id, PartNumberMarker }),
        );
        for (const { PartNumber, Size, ETag, ChecksumSHA256 } of page.Parts ?? []) {
          if (PartNumber === undefined || Size === undefined || ETag === undefined) {
            throw brokenAnswer(call.site, "a part's number, size or ETag");
          }
          const etag = unquoted(ETag);
          const token = tokenOf(etag, ChecksumSHA256);
          found.push({ number: PartNumber, size: Size, token, md5: md5OfEtag(etag) });
        }
        marker = page.IsTruncated === true ? page.NextPartNumberMarker : undefined;
        if (page.IsTruncated === true && (marker === undefined || marker === PartNumberMarker)) {
          throw brokenAnswer(call.site, "where the listing goes on");
        }
      } while (marker !== undefined);
      return found.sort((one, other) => one.number - other.number);
    },

    async complete(name, id, parts, call) {
      const written = await completeUpload(sdk, bucket, name, id, parts.map(partOf), call);
      // versitygw says success, with an ETag, also for an upload that was aborted: only what is there counts.
      if (target.server.aws === undefined) await checkCompleted(head, name, written, call);
      return written;
    },

    async abort(name, id, call) {
      try {
        await abortUpload(sdk, bucket, name, id, call);
      } catch (error) {
        if (!isStoreError(error, "not-found")) throw error;
      }
    },

    list: createUploadList(sdk, bucket, decodeListed),
  };
}
