import { storeError } from "@mortise/store-kit";
import type { CloudCall, CloudMultipart } from "@mortise/store-kit/cloud";
import type { Container } from "../objects/container.ts";
import { containerClient } from "../sdk/clients.ts";
import { openUploads, uploadedParts } from "./block-list.ts";
import { completeUpload } from "./complete.ts";
import { putBlock } from "./put-block.ts";
import { abortMark, newUploadId, openMark, startedAt } from "./upload-id.ts";

/** The service's limits (https://learn.microsoft.com/rest/api/storageservices/put-block-list): up to 190 TiB. */
const limits: CloudMultipart["limits"] = { minPart: 1, maxPart: 4_000 * 1024 * 1024, maxParts: 50_000 };
const mark = new Uint8Array([0x6d]);

/** Uploads as uncommitted blocks, which `get`, `head` and `list` never show and the service discards after a week. */
export function blockUploads(container: Container): CloudMultipart {
  return {
    limits,
    // A block that is never committed: as long as it is there, the upload is.
    async start(name, call) {
      const id = newUploadId();
      await putBlock(container, name, id, { number: openMark, body: mark }, { site: call.site, signal: call.signal });
      return id;
    },
    uploadPart: (name, id, part, call) => putBlock(container, name, id, part, call),
    async parts(name, id, call) {
      const parts = await uploadedParts(container, name, id, call);
      const twice = parts.find(({ number }, index) => number === parts[index + 1]?.number)?.number;
      if (twice === undefined) return parts;
      // Nothing tells which came last, and who continues the upload would mix two sources.
      throw storeError(call.site, "unsupported", `part ${twice} was sent with different bytes: abort the upload`);
    },
    complete: (name, id, parts, call) => completeUpload(container, name, id, parts, call),
    // Blocks can't be removed without writing the blob, which may be somebody's: the upload is marked as ended.
    async abort(name, id, call) {
      await putBlock(container, name, id, { number: abortMark, body: mark }, call);
    },
    list: (prefix, call) => listUploads(container, prefix, call),
  };
}

/**
 * Of blobs that have only uncommitted blocks: whether one that has content is being overwritten in parts could be learnt
 * only by a request for each.
 */
async function* listUploads(container: Container, prefix: string, call: CloudCall): ReturnType<CloudMultipart["list"]> {
  const client = await containerClient(container, call);
  for await (const blob of client.listBlobsFlat({ prefix, includeUncommitedBlobs: true })) {
    if ((blob.properties.contentLength ?? 0) > 0) continue;
    for (const id of await openUploads(container, blob.name, call)) {
      yield { name: blob.name, id, startedAt: startedAt(id) };
    }
  }
}
