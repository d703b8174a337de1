import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { collect } from "../streams/collect.ts";
import type { HttpRequest, HttpTransport } from "./contract.ts";
import type { TransportOptions } from "./transport.ts";
import { createTransport } from "./transport.ts";

const idleMs = 200;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Lab extends AsyncDisposable {
  send(request?: Partial<HttpRequest>): ReturnType<HttpTransport["request"]>;
}

async function lab(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  options: TransportOptions = {},
): Promise<Lab> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const transport = createTransport({ idleMs, ...options });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const site = { operation: "test", store: "web" };
  return {
    send: (request) => transport.request({ method: "GET", origin, path: "/", headers: {}, site, ...request }),
    async [Symbol.asyncDispose]() {
      await transport.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
const silent = { code: "timeout", retryable: true };

describe("a connection on which nothing moves", () => {
  it("is given up where no answer comes, and closed", async () => {
    const closed = Promise.withResolvers<void>();
    await using web = await lab((request) => void request.socket.once("close", () => closed.resolve()));
    await expect(web.send({ method: "PUT", body: new Uint8Array(10) })).rejects.toMatchObject(silent);
    await closed.promise;
  });

  it("is given up where the body stops coming", async () => {
    await using web = await lab((_request, response) => {
      response.writeHead(200, { "content-length": 1_000_000 }).write(Buffer.alloc(500_000));
    });
    const { chunks } = await web.send();
    await expect(collect(chunks)).rejects.toMatchObject(silent);
  });

  it("is kept while the server works on what it was asked without a body", async () => {
    await using web = await lab((_request, response) => void setTimeout(() => response.end("done"), 4 * idleMs));
    const answers = await Promise.all([
      web.send({ method: "POST", body: new Uint8Array(3) }),
      web.send({ method: "PUT" }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  it("is kept while a body waits for its reader", async () => {
    const length = 8_000_000;
    await using web = await lab((_request, response) => {
      response.writeHead(200, { "content-length": length }).end(Buffer.alloc(length));
    });
    const { chunks } = await web.send();
    const iterator = chunks[Symbol.asyncIterator]();
    const first = await iterator.next();
    await pause(4 * idleMs);
    const rest = await collect({ [Symbol.asyncIterator]: () => iterator });
    expect((first.value?.byteLength ?? 0) + rest.byteLength).toBe(length);
  });

  it("does not count while there is no connection yet", async () => {
    await using web = await lab((_request, response) => void setTimeout(() => response.end("done"), idleMs / 4), {
      connections: 1,
    });
    const answers = await Promise.all(Array.from({ length: 8 }, () => web.send({ method: "HEAD" })));
    expect(answers).toHaveLength(8);
  });
});
