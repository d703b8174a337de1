import type { StoreError } from "@mortise/core";
import type { CloudCopy, CloudWritten } from "@mortise/store-kit/cloud";
import type { Refusal } from "../errors.ts";
import { answerError, serviceCode } from "../errors.ts";
import { writtenOf } from "../objects/answer.ts";
import type { Container } from "../objects/container.ts";
import { sendBlob } from "../objects/container.ts";
import { addMetadata } from "../objects/metadata.ts";
import { addCondition } from "../objects/put.ts";
import { refusalByTarget } from "../objects/refusal.ts";
import type { SasSigner } from "../sdk/sas.ts";
import { copyInBlocks } from "./copy-blocks.ts";
import { sourceHeaders } from "./source.ts";

/** Up to here one request copies and answers when it is done (…/rest/api/storageservices/copy-blob-from-url). */
const wholeBytes = 256 * 1024 * 1024;

/**
 * A copy inside the container that appears whole. Copy Blob would take any size, but answers before it is done, with an
 * empty object in place of the old one meanwhile; so larger objects are copied as blocks.
 */
export async function copyBlob(
  container: Container,
  sign: SasSigner,
  to: string,
  call: CloudCopy,
): Promise<CloudWritten> {
  const { source, mode, metadata, contentType } = call;
  // A content type can't be given to a copy, and a source without etag could change between two blocks.
  if (source.size > wholeBytes || contentType !== undefined) return await copyInBlocks(container, sign, to, call);
  const headers: Record<string, string> = {
    ...(await sourceHeaders(container, sign, source.name, call)),
    "x-ms-requires-sync": "true",
  };
  if (source.etag !== undefined) headers["x-ms-source-if-match"] = source.etag;
  addMetadata(headers, metadata);
  addCondition(headers, mode);
  const answer = await sendBlob(container, "PUT", to, call, headers);
  if (answer.status !== 202 && answer.status !== 201) throw await refusedCopy(container, to, call, answer);
  return writtenOf(container, answer.headers, source.checksums);
}

/** A 412 is the source's or the target's, and not every server says whose. */
async function refusedCopy(container: Container, to: string, call: CloudCopy, answer: Refusal): Promise<StoreError> {
  const error = answerError(call.site, answer);
  const unclear = answer.status === 412 && serviceCode(answer) !== "SourceConditionNotMet";
  return unclear ? await refusalByTarget(container, to, call, error) : error;
}
