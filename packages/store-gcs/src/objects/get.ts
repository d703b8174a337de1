/** Downloads: https://cloud.google.com/storage/docs/xml-api/get-object-download, and the JSON API's `alt=media`. */
import { storeError } from "@mortise/store-kit";
import type { CloudBody, CloudRead, HttpResponse } from "@mortise/store-kit/cloud";
import type { ApiRequest, GcsApi } from "../api/api.ts";
import { failure } from "../api/api.ts";
import { checkGeneration } from "../api/conditions.ts";
import type { Asked } from "../errors.ts";
import { objectOfHeaders, rangeOfHeaders } from "./media-headers.ts";

/**
 * The bytes as they are stored. Google's servers are asked in the XML API, whose answers alone tell user metadata; other
 * servers in the JSON API, which all of them have.
 */
export async function getObject(api: GcsApi, name: string, call: CloudRead): Promise<CloudBody> {
  const { site, ifMatch } = call;
  const generation = ifMatch === undefined ? undefined : checkGeneration(site, ifMatch);
  const asked: Asked = { site };
  const answer = await api.ask(requestFor(api, name, call, asked, generation));
  if (answer.status !== 200 && answer.status !== 206) throw await failure(asked, answer);
  try {
    return bodyOf(asked, name, answer, generation);
  } catch (error) {
    await answer.release();
    throw error;
  }
}

function requestFor(
  api: GcsApi,
  name: string,
  call: CloudRead,
  asked: Asked,
  generation: string | undefined,
): ApiRequest {
  // Whoever takes gzip gets a gzipped object as it is stored; anybody else gets it unpacked, whatever the range.
  const headers: Record<string, string> = { "accept-encoding": "gzip" };
  const { range, signal } = call;
  if (range !== undefined && (range.offset > 0 || range.length !== undefined)) {
    headers["range"] = `bytes=${range.offset}-${range.length === undefined ? "" : range.offset + range.length - 1}`;
  }
  if (api.google) {
    if (generation !== undefined) headers["x-goog-if-generation-match"] = generation;
    return { method: "GET", path: api.paths.xmlObject(name), headers, asked, signal };
  }
  const condition = generation === undefined ? "" : `&ifGenerationMatch=${generation}`;
  return { method: "GET", path: `${api.paths.object(name)}alt=media${condition}`, headers, asked, signal };
}

function bodyOf(asked: Asked, name: string, answer: HttpResponse, generation: string | undefined): CloudBody {
  const { site } = asked;
  checkNotTranscoded(asked, answer);
  const object = objectOfHeaders(asked, name, answer.headers, answer.status);
  // An emulator ignores the condition, but it tells what it sends.
  if (generation !== undefined && object.etag !== generation) {
    throw storeError(site, "precondition-failed", "the object was overwritten", { status: 412 });
  }
  const range = rangeOfHeaders(asked, answer.headers, answer.status, object.size);
  return { object, range, bytes: answer.bytes, chunks: answer.chunks, release: () => answer.release() };
}

/** Sizes, ranges and digests are of the stored bytes: others must not pass for them. */
function checkNotTranscoded(asked: Asked, { headers }: HttpResponse): void {
  const stored = headers["x-goog-stored-content-encoding"] ?? "identity";
  const sent = headers["content-encoding"] ?? "identity";
  if (stored === sent) return;
  throw storeError(asked.site, "unsupported", `the object is stored as "${stored}" and sent as "${sent}"`, {
    hint: "write the object without a content encoding, or with `cache-control: no-transform`",
  });
}
