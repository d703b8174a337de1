/** Uploads in parts as resumable sessions (https://cloud.google.com/storage/docs/performing-resumable-uploads). */
import { storeError } from "@mortise/store-kit";
import type { CloudCall, CloudMultipart, CloudPart, CloudWrite } from "@mortise/store-kit/cloud";
import type { GcsApi } from "../api/api.ts";
import { failure } from "../api/api.ts";
import { generationFor } from "../api/conditions.ts";
import type { Asked } from "../errors.ts";
import { describeWrite } from "../objects/describe.ts";
import { sendPart } from "./chunks.ts";
import { completeUpload } from "./complete.ts";
import { chunkMultiple, UploadProgress } from "./progress.ts";
import { checkSession, sessionOf } from "./session-path.ts";
import { askStatus, createStatusGuard } from "./status.ts";

const limits: CloudMultipart["limits"] = {
  minPart: chunkMultiple,
  maxPart: 1024 * 1024 * 1024,
  // 5 TiB, the largest object, in parts of 8 MiB.
  maxParts: 655_360,
  multiple: chunkMultiple,
  sequential: true,
  secretId: true,
};

/** Uploads of one bucket; `prefix` is that of all names. */
export function resumableUploads(api: GcsApi, prefix: string): CloudMultipart {
  const known = new Map<string, UploadProgress>();
  /** Aborted here: some servers answer for an aborted session as if it were open. */
  const aborted = new Set<string>();
  const guardStatus = createStatusGuard(api, prefix);

  async function start(name: string, call: CloudWrite): Promise<string> {
    const { site, mode, signal } = call;
    const generation = generationFor(site, mode);
    const resource = describeWrite(name, call);
    const answer = await api.send({
      method: "POST",
      path: `${api.paths.upload}resumable${generation === undefined ? "" : `&ifGenerationMatch=${generation}`}`,
      headers: { "content-type": "application/json; charset=UTF-8", "x-upload-content-type": resource.contentType },
      body: Buffer.from(JSON.stringify(resource)),
      asked: { site, mode, session: "new" },
      signal,
    });
    await answer.release();
    const id = sessionOf(api, site, answer.headers["location"]);
    known.set(id, new UploadProgress());
    return id;
  }

  function checkNotAborted(id: string, { site }: CloudCall): void {
    if (aborted.has(id)) throw storeError(site, "not-found", "the upload was aborted", { hint: "start it again" });
  }

  return {
    limits,
    start,
    async uploadPart(name, id, { number, offset, body }, call) {
      checkSession(api, call.site, id);
      checkNotAborted(id, call);
      let progress = known.get(id);
      if (progress === undefined) known.set(id, (progress = new UploadProgress(offset)));
      await sendPart(api, { name, id, progress }, offset, body, call);
      return { number, size: body.byteLength, token: String(progress.end) };
    },
    async parts(_name, id, call) {
      checkSession(api, call.site, id);
      checkNotAborted(id, call);
      const progress = known.get(id);
      // Google is asked all the same: the session may be over. Others are asked only if there is no other way.
      if (!api.google && progress?.settled === true) return partsOf(progress.end);
      await guardStatus(call);
      const persisted = await askStatus(api, id, call);
      if (persisted === undefined) throw storeError(call.site, "not-found", "the upload is complete");
      if (progress?.reached(persisted) === true) return partsOf(progress.end);
      known.set(id, new UploadProgress(persisted));
      return partsOf(persisted);
    },
    async complete(name, id, _parts, call) {
      checkSession(api, call.site, id);
      checkNotAborted(id, call);
      // What another process sent is known to the server alone, and must be asked before the end is told.
      if (!known.has(id)) await guardStatus(call);
      const progress = known.get(id) ?? new UploadProgress(call.size);
      const written = await completeUpload(api, { name, id, progress }, call);
      known.delete(id);
      return written;
    },
    async abort(_name, id, { site, signal }) {
      checkSession(api, site, id);
      const asked: Asked = { site, session: true };
      const answer = await api.ask({ method: "DELETE", path: id, asked, signal });
      // 499 is the success; what is gone already is as good.
      const done = answer.status < 300 || [404, 410, 499].includes(answer.status);
      if (!done) throw await failure(asked, answer);
      await answer.release();
      known.delete(id);
      remember(aborted, id);
    },
    list(_prefix, { site }) {
      throw storeError(site, "unsupported", "Google lists no resumable uploads", {
        hint: "they end by themselves after a week; keep their ids to continue or abort them before",
      });
    },
  };
}

/** The server knows bytes and no parts: all of them are the first. */
function partsOf(end: number): readonly CloudPart[] {
  return end === 0 ? [] : [{ number: 1, size: end, token: String(end) }];
}

/** The last thousand. */
function remember(ids: Set<string>, id: string): void {
  ids.add(id);
  for (const oldest of ids) {
    if (ids.size <= 1_000) return;
    ids.delete(oldest);
  }
}
