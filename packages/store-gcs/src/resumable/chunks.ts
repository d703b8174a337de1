import type { Bytes } from "@mortise/core";
import { storeError } from "@mortise/store-kit";
import type { CloudCall, CloudWrite } from "@mortise/store-kit/cloud";
import type { GcsApi } from "../api/api.ts";
import { failure } from "../api/api.ts";
import type { Asked } from "../errors.ts";
import type { UploadProgress } from "./progress.ts";
import { chunkMultiple } from "./progress.ts";
import { persistedOf } from "./status.ts";

/** Which object and upload a chunk belongs to. */
export interface Upload {
  readonly name: string;
  readonly id: string;
  readonly progress: UploadProgress;
}

type ChunkCall = CloudCall & Pick<CloudWrite, "onSent">;

/**
 * Sends as much of a part as makes whole chunks, and keeps the rest: only the request that completes the upload may tell
 * its length, or the object would be there before anybody asked for it. A server may take less than it was sent; the
 * rest of that is sent again, also in another call with the same part after one that failed.
 */
export async function sendPart(
  api: GcsApi,
  upload: Upload,
  offset: number,
  body: Bytes,
  call: ChunkCall,
): Promise<void> {
  const { progress } = upload;
  if (!progress.follows(offset, body)) {
    throw storeError(call.site, "unsupported", `a part at byte ${offset} was sent where byte ${progress.end} is due`, {
      hint: `parts are sent in order, and all but the last are a multiple of ${chunkMultiple} bytes`,
    });
  }
  const whole = body.byteLength - (body.byteLength % chunkMultiple);
  try {
    while (progress.end < offset + whole) {
      const start = progress.end;
      await sendChunk(api, upload, start, body.subarray(start - offset, whole), call);
      if (progress.end === start) {
        throw storeError(call.site, "unavailable", "the server takes no bytes of the upload", { notSent: true });
      }
    }
  } catch (error) {
    progress.breakOff(offset, body);
    throw error;
  }
  if (whole < body.byteLength) progress.hold(body.subarray(whole));
}

async function sendChunk(api: GcsApi, upload: Upload, start: number, bytes: Bytes, call: ChunkCall): Promise<void> {
  const { site, signal, onSent } = call;
  const asked: Asked = { site, session: true };
  upload.progress.begin(start, bytes);
  const answer = await api.ask({
    method: "PUT",
    path: upload.id,
    headers: { "content-range": `bytes ${start}-${start + bytes.byteLength - 1}/*` },
    body: bytes,
    asked,
    signal,
    onSent,
  });
  if (answer.status === 200 || answer.status === 201) {
    await answer.release();
    // Google's answer to whatever is sent once a session is complete: the object is another process's, and whole.
    throw storeError(
      site,
      api.google ? "not-found" : "protocol",
      "the upload is complete although this is not its end",
      {
        hint: api.google
          ? "another process has completed it: look at the object"
          : "another process has completed it, or the server takes any chunk for the last and has half an object now: look at it",
      },
    );
  }
  if (answer.status !== 308) throw await failure(asked, answer);
  await answer.release();
  const persisted = persistedOf(answer);
  if (upload.progress.reached(persisted)) return;
  throw storeError(
    site,
    "protocol",
    `the server has ${persisted} bytes of the upload, ${start} to ${start + bytes.byteLength} are right`,
    {
      hint: "the upload is damaged: abort it and start it again; nothing was written",
      retryable: false,
    },
  );
}
