import { storeError } from "@mortise/store-kit";
import type { CloudCall, HttpResponse } from "@mortise/store-kit/cloud";
import type { GcsApi } from "../api/api.ts";
import { failure, jsonOf } from "../api/api.ts";
import type { ObjectResource } from "../api/resource.ts";
import type { Asked } from "../errors.ts";
import { deleteGeneration } from "../objects/delete.ts";
import { chunkMultiple } from "./progress.ts";
import { sessionOf } from "./session-path.ts";

/** How many bytes an answer 308 says that the server has; without a `Range` none. */
export function persistedOf(answer: HttpResponse): number {
  const last = /^(?:bytes=)?0-(\d+)$/.exec(answer.headers["range"] ?? "")?.[1];
  return last === undefined ? 0 : Number(last) + 1;
}

/**
 * Asks how far an upload is (https://cloud.google.com/storage/docs/performing-resumable-uploads#status-check). Undefined
 * where it is complete. Throws `not-found` where it is unknown.
 */
export async function askStatus(api: GcsApi, id: string, call: CloudCall): Promise<number | undefined> {
  const asked: Asked = { site: call.site, session: true };
  const answer = await query(api, asked, id, call);
  if (answer.status === 308) {
    await answer.release();
    return persistedOf(answer);
  }
  if (answer.status !== 200 && answer.status !== 201) throw await failure(asked, answer);
  await answer.release();
  return undefined;
}

function query(api: GcsApi, asked: Asked, id: string, { signal }: CloudCall): Promise<HttpResponse> {
  return api.ask({
    method: "PUT",
    path: id,
    headers: { "content-range": "bytes */*" },
    body: new Uint8Array(),
    asked,
    signal,
  });
}

/**
 * Whether the server can be asked how far an upload is. fake-gcs-server takes the question for the end of the upload and
 * publishes the half of it, over whatever object is there. So a server that is not Google's is tried first with an
 * upload of our own, to a name that is removed again; the answer is kept.
 */
export function createStatusGuard(api: GcsApi, prefix: string): (call: CloudCall) => Promise<void> {
  let trusted: Promise<boolean> | undefined;

  async function tryOut(call: CloudCall): Promise<boolean> {
    const asked: Asked = { site: call.site, mode: "create", session: true };
    const name = `${prefix}_mortise/probe/${crypto.randomUUID()}`;
    const started = await api.send({
      method: "POST",
      path: `${api.paths.upload}resumable&ifGenerationMatch=0`,
      headers: { "content-type": "application/json; charset=UTF-8" },
      body: Buffer.from(JSON.stringify({ name })),
      asked,
    });
    await started.release();
    const id = sessionOf(api, call.site, started.headers["location"]);
    try {
      await (await sendChunk(api, asked, id)).release();
      const answer = await query(api, asked, id, { site: call.site });
      if (answer.status === 200 || answer.status === 201) {
        const { generation } = await jsonOf<ObjectResource>(asked, answer);
        await deleteGeneration(api, call.site, name, generation);
        return false;
      }
      await answer.release();
      return answer.status === 308 && persistedOf(answer) === chunkMultiple;
    } finally {
      await (await api.ask({ method: "DELETE", path: id, asked })).release();
    }
  }

  return async (call) => {
    if (api.google) return;
    trusted ??= tryOut(call).catch((error: unknown) => {
      trusted = undefined;
      throw error;
    });
    if (await trusted) return;
    throw storeError(
      call.site,
      "unsupported",
      "this server completes an upload when it is asked how far it is, so that half an object would be published",
      { hint: "abort the upload and start it again; Google's own servers can continue it" },
    );
  };
}

function sendChunk(api: GcsApi, asked: Asked, id: string): Promise<HttpResponse> {
  const headers = { "content-range": `bytes 0-${chunkMultiple - 1}/*` };
  return api.ask({ method: "PUT", path: id, headers, body: new Uint8Array(chunkMultiple), asked });
}
