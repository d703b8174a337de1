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
  const seen = progress.digest();
  const hashes = { crc32c: base64OrNone(expect?.crc32c ?? seen), md5: base64OrNone(expect?.md5) };
  const told = Object.entries(hashes).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  const range = tail.byteLength === 0 ? "*" : `${persisted}-${size - 1}`;
  const answer = await api.ask({
    method: "PUT",
    path: id,
    // With the last bytes Google takes digests of the whole, and publishes nothing that has others.
    headers: {
      "content-range": `bytes ${range}/${size}`,
      ...(told.length > 0 && { "x-goog-hash": told.join(",") }),
    },
    body: tail,
    asked,
    signal,
    onSent,
  });
  if (answer.status === 308) {
    await answer.release();
    const has = persistedOf(answer);
    // It took nothing of the last bytes, as it may: they are sent again.
    const again = has === persisted;
    throw storeError(site, again ? "unavailable" : "protocol", `the server has ${has} of ${size} bytes`, {
      hint: "nothing was written: continue the upload or start it again",
      retryable: again,
      notSent: again,
    });
  }
  if (answer.status !== 200 && answer.status !== 201) throw await failure(asked, answer);
  const written = await jsonOf<ObjectResource>(asked, answer);
  // A session that another process has completed answers with what that one wrote.
  const ours = !api.google && Number(written.size) === size;
  await checkWritten(api, asked, name, written, { size, crc32c: hashes.crc32c, md5Hash: hashes.md5 }, ours);
  return writtenOf(written);
}

function base64OrNone(hex: string | undefined): string | undefined {
  return hex === undefined ? undefined : base64Of(hex);
}
