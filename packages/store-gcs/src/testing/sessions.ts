import type { Answer, GcsServer, Seen } from "./objects.ts";
import { publish, refusal } from "./objects.ts";

const multiple = 256 * 1024;

/** `uploadType=resumable`. */
export function beginSession(server: GcsServer, { url, body }: Seen): Answer {
  const id = `session-${server.sessions.size + 1}`;
  const resource = JSON.parse(body.toString()) as Record<string, unknown>;
  const wanted = url.searchParams.get("ifGenerationMatch");
  const current = server.objects.get(String(resource["name"]))?.generation ?? "0";
  if (wanted !== null && wanted !== current) return refusal(412, "conditionNotMet");
  server.sessions.set(id, { url, resource, bytes: Buffer.alloc(0) });
  // Another host than the one that was asked: an address inside a network, as proxies give.
  return { status: 200, headers: { location: `http://inside.example${url.pathname}${url.search}&upload_id=${id}` } };
}

/** Digests in the headers of the last request, as in the resource. */
function told({ "x-goog-hash": header = "" }: Seen["headers"]): Record<string, string> {
  const hashes = [...String(header).matchAll(/\b(md5|crc32c)=([^,]+)/g)];
  return Object.fromEntries(hashes.map(([, name, value = ""]) => [name === "md5" ? "md5Hash" : "crc32c", value]));
}

/** A request to a session: bytes, the question how far it is, or its end. */
export function answerSession(server: GcsServer, { url, method, headers, body }: Seen): Answer {
  const session = server.sessions.get(url.searchParams.get("upload_id") ?? "");
  if (session === undefined) return refusal(404, "notFound", "Not Found");
  if (session.over !== undefined) return session.over;
  if (method === "DELETE") return (session.over = { status: 499 });
  const range = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(headers["content-range"] ?? "");
  if (range === null) return refusal(400, "badRequest", "Failed to parse Content-Range header.");
  const [, first, , total] = range;
  if (first !== undefined) {
    const start = Number(first);
    if (start > session.bytes.byteLength) return refusal(400, "invalid", "the offset is past what was received");
    // What is there already is ignored.
    const fresh = body.subarray(session.bytes.byteLength - start);
    const kept = total === "*" ? fresh.byteLength - (fresh.byteLength % multiple) : fresh.byteLength;
    session.bytes = Buffer.concat([session.bytes, fresh.subarray(0, Math.min(kept, session.takes ?? kept))]);
    session.takes = undefined;
  }
  if (total !== "*" && Number(total) === session.bytes.byteLength) {
    return (session.over = publish(server, session.url, { ...session.resource, ...told(headers) }, session.bytes));
  }
  const last = session.bytes.byteLength - 1;
  return { status: 308, headers: last < 0 ? {} : { range: `bytes=0-${last}` } };
}
