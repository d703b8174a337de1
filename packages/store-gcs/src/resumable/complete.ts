import { storeError } from "@mortise/store-kit";
import type { CloudWrite, CloudWritten } from "@mortise/store-kit/cloud";
import type { GcsApi } from "../api/api.ts";
import { failure, jsonOf } from "../api/api.ts";
import { base64Of } from "../api/digests.ts";
import type { ObjectResource } from "../api/resource.ts";
import { writtenOf } from "../api/resource.ts";
import type { Asked } from "../errors.ts";
import { checkWritten } from "../objects/verify.ts";
import type { Upload } from "./chunks.ts";
import { persistedOf } from "./status.ts";

/**
 * Sends the last bytes with the length of the whole, or no bytes and only that length: then the object is there. Conditions
 * were named when the session began, and decide now.
 */
export async function completeUpload(
  api: GcsApi,
  upload: Upload,
  call: CloudWrite & { readonly size: number },
): Promise<CloudWritten> {
  const { name, id, progress } = upload;
  const { site, mode, size, signal, expect, onSent } = call;
  const asked: Asked = { site, mode, session: true, promised: expect !== undefined };
  if (progress.end !== size) {
    throw storeError(site, "protocol", `the upload has ${progress.end} bytes, ${size} are to be completed`, {
      hint: "nothing was written; ask for the parts that are there, or start the upload again",
      retryable: false,
    });
  }
  const { tail, persisted } = progress;
  const range = tail.byteLength === 0 ? "*" : `${persisted}-${size - 1}`;
  const answer = await api.ask({
    method: "PUT",
    path: id,
    headers: { "content-range": `bytes ${range}/${size}` },
    body: tail,
    asked,
    signal,
    onSent,
  });
  if (answer.status === 308) {
    await answer.release();
    throw storeError(site, "protocol", `the server has ${persistedOf(answer)} of ${size} bytes`, {
      hint: "nothing was written: continue the upload or start it again",
      retryable: false,
    });
  }
  if (answer.status !== 200 && answer.status !== 201) throw await failure(asked, answer);
  const written = await jsonOf<ObjectResource>(asked, answer);
  const seen = progress.digest();
  await checkWritten(api, asked, name, written, {
    size,
    crc32c: base64OrNone(expect?.crc32c ?? seen),
    md5Hash: base64OrNone(expect?.md5),
  });
  return writtenOf(written);
}

function base64OrNone(hex: string | undefined): string | undefined {
  return hex === undefined ? undefined : base64Of(hex);
}
