import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A server that answers as a test wants: for what no well-behaved server does. */
export interface AnsweringServer extends AsyncDisposable {
  readonly url: string;
}

/** Listens on a free port of this machine until it is disposed. */
export async function answering(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<AnsweringServer> {
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => answer(request, response));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** One `response` of a multistatus: a folder if its path ends in a slash, else an object. */
export function described(href: string): string {
  const kind = href.endsWith("/") ? "<d:collection/>" : "";
  return `<d:response><d:href>${href}</d:href><d:propstat><d:prop><d:resourcetype>${kind}</d:resourcetype>
    <d:getcontentlength>3</d:getcontentlength><d:getlastmodified>Sun, 22 Nov 2026 22:38:46 GMT</d:getlastmodified>
    <d:getetag>W/"weak"</d:getetag></d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat></d:response>`;
}

/** A whole answer to PROPFIND. */
export function multistatus(...responses: readonly string[]): string {
  return `<?xml version="1.0"?><d:multistatus xmlns:d="DAV:">${responses.join("")}</d:multistatus>`;
}
