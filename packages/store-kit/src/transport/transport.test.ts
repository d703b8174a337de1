import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { announceClock } from "../lifecycle/clock.ts";
import { collect } from "../streams/collect.ts";
import type { HttpRequest, HttpTransport } from "./contract.ts";
import type { TransportOptions } from "./transport.ts";
import { createTransport } from "./transport.ts";

const site = { operation: "test", store: "web" };
const open: { readonly server: Server; readonly transport: HttpTransport }[] = [];

afterEach(async () => {
  for (const { server, transport } of open.splice(0)) {
    await transport.close();
    server.closeAllConnections();
    server.close();
  }
});

async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  options: TransportOptions = {},
): Promise<(request?: Partial<HttpRequest>) => ReturnType<HttpTransport["request"]>> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const transport = createTransport(options);
  open.push({ server, transport });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return (request) => transport.request({ method: "GET", origin, path: "/a?b=c", headers: {}, site, ...request });
}

describe("the transport", () => {
  it("gives a short body whole, headers in lower case, and sends what it was given", async () => {
    const send = await serve((request, response) => {
      response.writeHead(207, { "X-Told": [`${request.method} ${request.url}`, String(request.headers["x-a"])] });
      request.pipe(response);
    });
    const answer = await send({ method: "PUT", headers: { "x-a": "1" }, body: new Uint8Array([1, 2, 3]) });
    expect(answer.status).toBe(207);
    expect(answer.headers["x-told"]).toBe("PUT /a?b=c, 1");
    expect(answer.bytes).toEqual(new Uint8Array([1, 2, 3]));
  });

  it("tells the operation's clock of all that comes, also of blanks before an answer", async () => {
    const send = await serve((_request, response) => {
      response.writeHead(200);
      let blanks = 0;
      const timer = setInterval(() => {
        if (blanks++ < 5) response.write(" ");
        else {
          clearInterval(timer);
          response.end("done");
        }
      }, 5);
    });
    const { signal } = new AbortController();
    let touched = 0;
    announceClock(signal, { touch: () => touched++, rest: () => {}, again: () => {} });
    expect((await send({ method: "POST", signal })).bytes).toHaveLength(9);
    expect(touched).toBeGreaterThan(2);
  });

  it("streams a long body, and no more of it than is read", async () => {
    const total = 64 * 1024 * 1024;
    let written = 0;
    const send = await serve((_request, response) => {
      response.writeHead(200, { "content-length": total });
      const chunk = Buffer.alloc(256 * 1024);
      const more = (): void => {
        while (written < total) {
          written += chunk.byteLength;
          if (!response.write(chunk)) {
            response.once("drain", more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    const answer = await send();
    expect(answer.bytes).toBeUndefined();
    const reader = answer.chunks[Symbol.asyncIterator]();
    await reader.next();
    await new Promise((resolve) => setTimeout(resolve, 100));
    // What the kernel's buffers hold varies; the whole of it they do not.
    expect(written).toBeLessThan(total / 2);
    let length = 0;
    for (let step = await reader.next(); step.done !== true; step = await reader.next())
      length += step.value.byteLength;
    expect(length).toBeGreaterThan(total - 128 * 1024);
  });

  it("writes while every socket for reading is held by a body", async () => {
    const send = await serve(
      (request, response) => {
        response.writeHead(200, { "content-length": request.method === "GET" ? 10_000_000 : 0 });
        if (request.method === "GET") response.write(Buffer.alloc(100_000));
        else response.end();
      },
      { connections: 2 },
    );
    const held = await Promise.all([send(), send()]);
    expect((await send({ method: "PUT", body: new Uint8Array(10) })).status).toBe(200);
    await Promise.all(held.map((answer) => answer.release()));
  });

  it("calls a body that is cut off unavailable, short or long", async () => {
    const send = await serve((request, response) => {
      const length = Number(request.headers["x-length"]);
      response.writeHead(200, { "content-length": length });
      response.write(Buffer.alloc(length / 2), () => setTimeout(() => response.destroy(), 10));
    });
    await expect(send({ headers: { "x-length": "1000" } })).rejects.toMatchObject({
      code: "unavailable",
      retryable: true,
    });
    const long = await send({ headers: { "x-length": "1000000" } });
    await expect(collect(long.chunks)).rejects.toMatchObject({ code: "unavailable", retryable: true });
  });

  it("keeps the connection over a HEAD, and over many requests", async () => {
    const ports = new Set<number | undefined>();
    const send = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.writeHead(200, { "content-length": 5_000_000 }).end(request.method === "HEAD" ? undefined : "");
    });
    for (let round = 0; round < 5; round++) {
      const answer = await send({ method: "HEAD" });
      expect([answer.headers["content-length"], answer.bytes?.byteLength]).toEqual(["5000000", 0]);
    }
    // A second one, where a request comes before the first socket has noticed that it is free.
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it("answers redirects as they are", async () => {
    const send = await serve((_request, response) => {
      response.writeHead(307, { location: "http://169.254.169.254/" }).end();
    });
    expect((await send()).status).toBe(307);
  });

  it("closes the socket when the signal aborts", async () => {
    const controller = new AbortController();
    const closed = Promise.withResolvers<void>();
    const send = await serve((request) => {
      request.socket.once("close", () => closed.resolve());
      controller.abort(new Error("enough"));
    });
    await expect(send({ signal: controller.signal })).rejects.toMatchObject({ code: "aborted" });
    await closed.promise;
  });

  it("closes the socket of a body that is released", async () => {
    const closed = Promise.withResolvers<void>();
    const send = await serve((request, response) => {
      request.socket.once("close", () => closed.resolve());
      response.writeHead(200, { "content-length": 10_000_000 });
      response.write(Buffer.alloc(100_000));
    });
    await (await send()).release();
    await closed.promise;
  });

  it("tells how much of a long body is sent", async () => {
    const send = await serve((request, response) => {
      request.resume().once("end", () => response.end(String(request.headers["content-length"])));
    });
    const told: number[] = [];
    const body = new Uint8Array(3_000_000);
    const answer = await send({ method: "PUT", body, onSent: (bytes) => told.push(bytes) });
    expect(new TextDecoder().decode(answer.bytes)).toBe("3000000");
    expect(told.length).toBeGreaterThan(5);
    expect([...told].sort((one, other) => one - other)).toEqual(told);
    expect(told.at(-1)).toBe(3_000_000);
  });

  it("says what to do about a refused connection, a wrong scheme and an unknown host", async () => {
    const send = await serve((_request, response) => {
      response.end();
    });
    const port = (open[0]?.server.address() as AddressInfo | undefined)?.port;
    await expect(send({ origin: `https://127.0.0.1:${port}` })).rejects.toMatchObject({
      code: "invalid-config",
      retryable: false,
      hint: expect.stringContaining("secure") as string,
    });
    await expect(send({ origin: "http://127.0.0.1:1" })).rejects.toMatchObject({
      code: "unavailable",
      hint: expect.stringContaining("server runs") as string,
    });
    await expect(send({ origin: "http://no-such-host.invalid" })).rejects.toMatchObject({
      code: expect.stringMatching(/invalid-config|unavailable/) as string,
      hint: expect.stringMatching(/host|name service/) as string,
    });
  });

  it("rejects after close, and what was under way", async () => {
    const started = Promise.withResolvers<void>();
    const send = await serve(() => started.resolve());
    const waiting = send();
    const refused = expect(waiting).rejects.toMatchObject({ operation: "test" });
    await started.promise;
    await open[0]?.transport.close();
    await refused;
    await expect(send()).rejects.toMatchObject({ code: "aborted" });
  });
});
