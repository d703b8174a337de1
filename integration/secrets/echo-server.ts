// Refuses every request with a body that quotes all of it: what a debugging proxy does, and what some servers do with the
// string that was to be signed.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface EchoServer extends AsyncDisposable {
  readonly origin: string;
}

/** `wrap` makes the answer of a protocol of what is quoted. */
export async function startEchoServer(status: number, wrap: (quoted: string) => string): Promise<EchoServer> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}`);
      const quoted = [`${request.method} ${request.url}`, ...headers].join("\n").replaceAll("&", "&amp;");
      response.writeHead(status, { "content-type": status === 401 ? "text/plain" : "application/xml" });
      response.end(wrap(quoted));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
