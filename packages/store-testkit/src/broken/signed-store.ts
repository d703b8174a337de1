import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ObjectStore, PresignedRequest, PresignRequest } from "@mortise/core";
import { isStoreError, parseKey } from "@mortise/core";
import { collect, completeStore } from "@mortise/store-kit";
import type { MemoryContent } from "../memory/content.ts";
import { createMinimalMemoryStore } from "../memory/memory-store.ts";

/** What a server of signed requests does wrong. */
export type SigningFlaw =
  | "any-method"
  | "any-key"
  | "any-time"
  | "any-type"
  | "forgets-type"
  | "decodes-twice"
  | "answers-nothing"
  | "does-nothing"
  | "tells-wrong-time"
  | "signs-anything";

const secret = crypto.randomUUID();
const methods = ["GET", "PUT", "HEAD", "DELETE"] as const;

/** The memory store with signed requests, served on the loopback from the first of them until it is closed. */
export function createSignedStore(content: MemoryContent, flaw?: SigningFlaw): ObjectStore {
  const presign = new Set(methods);
  const minimal = createMinimalMemoryStore({ content, capabilities: { presign } });
  let running: Promise<Server> | undefined;
  async function signed(request: PresignRequest): Promise<PresignedRequest> {
    running ??= listen(minimal, flaw);
    const { port } = (await running).address() as AddressInfo;
    return sign(port, request, flaw);
  }
  const store = completeStore(
    {
      ...minimal,
      presign: signed,
      async close() {
        const server = await running;
        server?.closeAllConnections();
        await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
      },
    },
    { storeName: "memory" },
  );
  return flaw === "signs-anything" ? Object.assign(store, { presign: signed }) : store;
}

function sign(
  port: number,
  { method, key, expiresInSeconds, contentType }: PresignRequest,
  flaw?: SigningFlaw,
): PresignedRequest {
  const expires = Date.now() + expiresInSeconds * 1_000;
  const path = `/${key.split("/").map(encodeURIComponent).join("/")}`;
  const query = new URLSearchParams({ method, expires: `${expires}`, type: contentType ?? "" });
  query.set("signature", signatureOf(path, query));
  return {
    method,
    url: `http://127.0.0.1:${port}${path}?${query}`,
    headers: contentType === undefined ? {} : { "content-type": contentType },
    expiresAt: new Date(flaw === "tells-wrong-time" ? expires / 1_000 : expires),
  };
}

function signatureOf(path: string, query: URLSearchParams): string {
  const text = [path, query.get("method"), query.get("expires"), query.get("type")].join("\n");
  return createHmac("sha256", secret).update(text).digest("hex");
}

async function listen(store: Parameters<typeof answer>[0], flaw: SigningFlaw | undefined): Promise<Server> {
  const server = createServer((request, response) => void respond(store, request, response, flaw));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

async function respond(
  store: Parameters<typeof answer>[0],
  request: IncomingMessage,
  response: ServerResponse,
  flaw: SigningFlaw | undefined,
): Promise<void> {
  try {
    const { status, body, length } = await answer(store, request, flaw);
    if (length !== undefined) response.setHeader("content-length", length);
    response.writeHead(status).end(body);
  } catch (error) {
    response.writeHead(isStoreError(error, "not-found") ? 404 : 500).end();
  }
}

interface Answer {
  readonly status: number;
  readonly body?: Uint8Array | undefined;
  readonly length?: number | undefined;
}

async function answer(
  store: Pick<ObjectStore, "get" | "head" | "put" | "delete">,
  request: IncomingMessage,
  flaw: SigningFlaw | undefined,
): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
  const { method = "", headers } = request;
  const body = await collect(request);
  if (flaw === "answers-nothing") return { status: 503 };
  if (flaw === "does-nothing") return { status: method === "PUT" ? 200 : 204 };
  const type = searchParams.get("type") ?? "";
  if (flaw !== "any-key" && searchParams.get("signature") !== signatureOf(pathname, searchParams))
    return { status: 403 };
  if (flaw !== "any-method" && searchParams.get("method") !== method) return { status: 403 };
  if (flaw !== "any-time" && Number(searchParams.get("expires")) < Date.now()) return { status: 403 };
  if (flaw !== "any-type" && type !== "" && headers["content-type"] !== type) return { status: 403 };
  const path = pathname.slice(1);
  const key = parseKey(decodeURIComponent(flaw === "decodes-twice" ? decodeURIComponent(path) : path));
  if (method === "GET") return { status: 200, body: await (await store.get(key)).bytes() };
  if (method === "HEAD") return { status: 200, length: (await store.head(key)).size };
  if (method === "PUT")
    await store.put(key, body, { contentType: flaw === "forgets-type" ? undefined : headers["content-type"] });
  else await store.delete(key);
  return { status: 204 };
}
