// HTTP/1.1 on a socket, no more of it than S3 clients use. By hand, because a server under measurement must cost little
// beside its client, and a hostile one must be able to send what `node:http` refuses to.
import type { Socket } from "node:net";
import { type S3Answer, type S3Head, type S3Request } from "./message.ts";
import { readChunked } from "./operations/framing.ts";
import { parseHead } from "./operations/route.ts";
import { sendAnswer } from "./send.ts";

export interface Responder {
  /** Called when the body starts to come: the number of its bytes after which the connection is reset. */
  cutRequest(head: S3Head): number | undefined;
  answer(request: S3Request): S3Answer;
  /** What the `Date` header says. */
  now(): Date;
}

const headEnd = Buffer.from("\r\n\r\n");

function readHead(text: string): S3Head {
  const [first = "", ...lines] = text.split("\r\n");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const [method = "", target = ""] = first.split(" ");
  return parseHead(method, target, headers);
}

/** A request whose body is still coming. */
interface Incoming {
  readonly head: S3Head;
  /** NaN where the body is chunked. */
  readonly length: number;
  readonly cutAt: number | undefined;
}

/** Answers the requests of a connection one after the other. */
export function converse(socket: Socket, responder: Responder): void {
  let pieces: Buffer[] = [];
  let received = 0;
  let incoming: Incoming | undefined;

  /** Everything received, in one piece. */
  const all = (): Buffer => {
    if (pieces.length > 1) pieces = [Buffer.concat(pieces, received)];
    return pieces[0] ?? Buffer.alloc(0);
  };
  const keep = (rest: Buffer): void => {
    received = rest.byteLength;
    pieces = received === 0 ? [] : [rest];
  };

  const begin = (): boolean => {
    const buffer = all();
    const end = buffer.indexOf(headEnd);
    if (end < 0) return false;
    const head = readHead(buffer.toString("latin1", 0, end));
    keep(buffer.subarray(end + headEnd.byteLength));
    if (head.headers["expect"] === "100-continue") socket.write("HTTP/1.1 100 Continue\r\n\r\n");
    const chunked = head.headers["transfer-encoding"] === "chunked";
    const length = chunked ? Number.NaN : Number(head.headers["content-length"] ?? 0);
    incoming = { head, length, cutAt: responder.cutRequest(head) };
    return true;
  };

  socket.on("data", (data) => {
    pieces.push(data);
    received += data.byteLength;
    while (!socket.destroyed && (incoming !== undefined || begin())) {
      const { head, length, cutAt } = incoming as Incoming;
      if (cutAt !== undefined && received >= cutAt) {
        socket.resetAndDestroy();
        return;
      }
      // Of a chunked body only its end tells the length.
      const chunked = Number.isNaN(length) ? readChunked(all()) : undefined;
      if (Number.isNaN(length) ? chunked === undefined : received < length) return;
      const buffer = all();
      // A copy: the slices of one socket buffer would keep all of it in memory as long as the object.
      const body = chunked?.content ?? Buffer.from(buffer.subarray(0, length));
      incoming = undefined;
      keep(buffer.subarray(chunked?.end ?? length));
      sendAnswer(socket, head, responder.answer({ ...head, body }), responder.now());
    }
  });
  // What a client does with its end of the connection is no failure of the server.
  socket.on("error", () => socket.destroy());
}
