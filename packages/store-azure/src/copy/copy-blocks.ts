import { forEachParallel, storeError } from "@mortise/store-kit";
import type { CloudCopy, CloudPart, CloudWritten } from "@mortise/store-kit/cloud";
import { answerError } from "../errors.ts";
import type { Container } from "../objects/container.ts";
import { sendBlob } from "../objects/container.ts";
import type { SasSigner } from "../sdk/sas.ts";
import { commitBlocks } from "../uploads/commit.ts";
import { blockQuery } from "../uploads/put-block.ts";
import { blockId, newUploadId } from "../uploads/upload-id.ts";
import { sourceHeaders } from "./source.ts";

/** Blocks of a copy, and how many the service copies at once. */
const blockBytes = 256 * 1024 * 1024;
const concurrency = 8;

/** Put Block From URL for every range, then Put Block List: the copy appears whole, as its source was when it began. */
export async function copyInBlocks(
  container: Container,
  sign: SasSigner,
  to: string,
  call: CloudCopy,
): Promise<CloudWritten> {
  const { source, site, signal } = call;
  const { etag } = source;
  if (etag === undefined) throw storeError(site, "unsupported", "the source has no etag to hold it by");
  const id = newUploadId();
  const parts = planned(id, source.size);
  await forEachParallel(parts, concurrency, async ({ number, size, token }) => {
    const start = (number - 1) * blockBytes;
    const headers = {
      // For each anew: a token may end before a copy of terabytes does.
      ...(await sourceHeaders(container, sign, source.name, call)),
      "x-ms-source-if-match": etag,
      "x-ms-source-range": `bytes=${start}-${start + size - 1}`,
    };
    const answer = await sendBlob(container, "PUT", to, call, headers, undefined, blockQuery(token));
    if (answer.status !== 201) throw answerError(site, answer);
  });
  const { contentType = source.contentType, metadata = source.metadata, mode } = call;
  const expect = source.checksums;
  return await commitBlocks(container, to, parts, {
    site,
    signal,
    mode,
    contentType,
    metadata,
    expect,
    size: source.size,
  });
}

function planned(id: string, size: number): readonly CloudPart[] {
  return Array.from({ length: Math.ceil(size / blockBytes) }, (_, index) => ({
    number: index + 1,
    size: Math.min(blockBytes, size - index * blockBytes),
    token: blockId(id, index + 1),
  }));
}
