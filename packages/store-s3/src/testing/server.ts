import type { IncomingMessage } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as it arrived. */
export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** An answer; `headers` over those that every S3 server sends. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** How the end of the body is told. Default: by its length. `close`: by the end of the connection, as if it was cut. */
  readonly framing?: "length" | "chunked" | "close";
}

/** A server on the loopback that answers as `answer` says, and remembers what it was asked. */
export interface ScriptedServer extends AsyncDisposable {
  readonly endpoint: string;
  readonly requests: readonly Received[];
  /** Sockets that are open. */
  sockets(): number;
}

/** Starts one; it ends when it is disposed. */
export async function scriptedServer(answer: (request: Received, count: number) => Answer): Promise<ScriptedServer> {
  const requests: Received[] = [];
  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on("data", (chunk: Buffer) => chunks.push(chunk));
    message.on("end", () => {
      const { method = "", url = "", headers } = message;
      const request = { method, url, headers, body: Buffer.concat(chunks) };
      requests.push(request);
      const { status = 200, headers: own = {}, body = "", framing = "length" } = answer(request, requests.length);
      const without = status === 204 || status === 304 || framing !== "length";
      const length = without ? {} : { "content-length": String(Buffer.byteLength(body)) };
      if (framing === "close") response.useChunkedEncodingByDefault = false;
      response.writeHead(status, { "x-amz-request-id": "R1", ...length, ...own });
      response.end(method === "HEAD" ? undefined : body);
    });
  });
  let sockets = 0;
  server.on("connection", (socket) => {
    sockets++;
    socket.on("close", () => sockets--);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    sockets: () => sockets,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An error document as S3 writes it. */
export function errorBody(code: string, more = ""): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>About ${code}</Message>${more}<RequestId>R2</RequestId></Error>`;
}
