import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A request as it came. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | Uint8Array | undefined;
}

/** A server on the loopback that answers what a test says, and remembers what it was asked. */
export interface BlobServer extends AsyncDisposable {
  readonly origin: string;
  readonly seen: SeenRequest[];
}

export async function startBlobServer(answer: (request: SeenRequest) => Answer): Promise<BlobServer> {
  const seen: SeenRequest[] = [];
  async function respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = "", url = "", headers } = incoming;
    const request: SeenRequest = { method, url, headers, body: await buffer(incoming) };
    seen.push(request);
    const { status, headers: given = {}, body = "" } = answer(request);
    outgoing.writeHead(status, { "content-length": Buffer.byteLength(body), ...given });
    outgoing.end(body);
  }
  const server = createServer((incoming, outgoing) => void respond(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The service's answer to what it refuses. */
export function refusal(status: number, code: string, text = "some words"): Answer {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${text}</Message></Error>`;
  return { status, headers: { "x-ms-error-code": code, "x-ms-request-id": "r-1" }, body };
}
