import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { compareKeys } from "@mortise/core";
import { answerDownload } from "./downloads.ts";
import type { Answer, GcsServer, Seen, Stored } from "./objects.ts";
import { publish, refusal, resourceOf } from "./objects.ts";
import { answerSession, beginSession } from "./sessions.ts";

/** Starts a server with the bucket `lab`. */
export async function startGcsServer(): Promise<GcsServer> {
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? "/", server.origin);
    const seen: Seen = { method: request.method ?? "", url, headers: request.headers, body: Buffer.concat(chunks) };
    server.seen.push(seen);
    const { status, headers = {}, body } = scripted(server, seen) ?? answer(server, seen);
    const bytes = body instanceof Uint8Array ? body : Buffer.from(body === undefined ? "" : JSON.stringify(body));
    const type = body instanceof Uint8Array ? {} : { "content-type": "application/json" };
    response.writeHead(status, { ...type, "content-length": bytes.byteLength, ...headers });
    response.end(bytes);
  }
  const http = createServer((request, response) => void respond(request, response));
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const server: GcsServer = {
    origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    objects: new Map(),
    sessions: new Map(),
    seen: [],
    instead: [],
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      http.close();
      await once(http, "close");
    },
  };
  return server;
}

function scripted({ instead }: GcsServer, seen: Seen): Answer | undefined {
  for (const [index, each] of instead.entries()) {
    const found = each(seen);
    if (found === undefined) continue;
    instead.splice(index, 1);
    return found;
  }
  return undefined;
}

function answer(server: GcsServer, seen: Seen): Answer {
  const { url, method } = seen;
  const [, , api, , bucket, , object] = url.pathname.split("/");
  if (url.pathname.startsWith("/upload/")) {
    if (url.searchParams.has("upload_id")) return answerSession(server, seen);
    return url.searchParams.get("uploadType") === "resumable" ? beginSession(server, seen) : uploadAtOnce(server, seen);
  }
  if (api !== "v1") return answerDownload(server, seen, decodeURIComponent(url.pathname.split("/")[2] ?? ""));
  if (bucket !== "lab") return refusal(404, "notFound", "The specified bucket does not exist.");
  const name = decodeURIComponent(object ?? "");
  if (name === "") return list(server, url);
  if (url.searchParams.get("alt") === "media") return answerDownload(server, seen, name);
  const stored = server.objects.get(name);
  const generation = url.searchParams.get("generation");
  if (stored === undefined || (generation !== null && generation !== stored.generation)) {
    return refusal(404, "notFound", `No such object: lab/${name}`);
  }
  if (method === "GET") return { status: 200, body: resourceOf(name, stored) };
  if (method === "DELETE") server.objects.delete(name);
  return { status: 204 };
}

/** `multipart/related`: the resource, then the bytes. */
function uploadAtOnce(server: GcsServer, { url, headers, body }: Seen): Answer {
  const boundary = Buffer.from(`\r\n--${/boundary=(.+)$/.exec(headers["content-type"] ?? "")?.[1]}`);
  const whole = Buffer.concat([Buffer.from("\r\n"), body]);
  const parts: Buffer[] = [];
  for (let start = 0; ; ) {
    const end = whole.indexOf(boundary, start + 1);
    if (end === -1) break;
    parts.push(whole.subarray(start + boundary.byteLength, end));
    start = end;
  }
  const [resource, bytes] = parts.map((part) => part.subarray(part.indexOf("\r\n\r\n") + 4));
  if (resource === undefined || bytes === undefined) return refusal(400, "badRequest");
  return publish(server, url, JSON.parse(resource.toString()) as Record<string, unknown>, Buffer.from(bytes));
}

function list({ objects }: GcsServer, url: URL): Answer {
  const prefix = url.searchParams.get("prefix") ?? "";
  const from = url.searchParams.get("pageToken") ?? url.searchParams.get("startOffset") ?? "";
  const limit = Number(url.searchParams.get("maxResults"));
  const names = [...objects.keys()]
    .filter((name) => name.startsWith(prefix) && compareKeys(name, from) >= 0)
    .sort(compareKeys);
  const items = names.slice(0, limit).map((name) => resourceOf(name, objects.get(name) as Stored));
  return { status: 200, body: { items, ...(names.length > limit ? { nextPageToken: names[limit] } : {}) } };
}
