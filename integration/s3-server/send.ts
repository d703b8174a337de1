import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { S3Answer, S3Head } from "./message.ts";

const nothing = Buffer.alloc(0);

/** `Date` has seconds only; formatting it for each answer would be the largest cost of the server. */
let second = 0;
let secondText = "";

function dateText(now: Date): string {
  const current = Math.floor(now.getTime() / 1000);
  if (current !== second) {
    second = current;
    secondText = now.toUTCString();
  }
  return secondText;
}

export function sendAnswer(socket: Socket, request: S3Head, answer: S3Answer, now: Date): void {
  const { method } = request;
  const { status, headers, wire = {} } = answer;
  if (wire.reset === true) {
    socket.resetAndDestroy();
    return;
  }
  if (wire.silent === true) return;
  const { later } = wire;
  if (later !== undefined) {
    // Clients send nothing more on a connection before they have the answer, so that none overtakes it.
    setTimeout(() => {
      if (!socket.destroyed) sendAnswer(socket, request, later.act(), now);
    }, later.ms);
    return;
  }
  const content = answer.body ?? nothing;
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\ndate: ${dateText(now)}\r\nx-amz-request-id: loopback\r\n`;
  for (const name in headers) head += `${name}: ${headers[name]}\r\n`;
  if (status !== 204 && status !== 304) head += `content-length: ${wire.declaredLength ?? content.byteLength}\r\n`;
  head += "\r\n";
  const body = method === "HEAD" || status === 204 || status === 304 ? nothing : content;
  const sent = body.subarray(0, Math.min(wire.cutAt ?? body.byteLength, wire.stallAt ?? body.byteLength));
  socket.cork();
  socket.write(head, "latin1");
  if (wire.trickle !== undefined) trickle(socket, sent, wire.trickle);
  else if (sent.byteLength > 0) socket.write(sent);
  socket.uncork();
  // Ended and not reset: what was sent before must arrive, or clients see only that there was no answer.
  if (wire.cutAt !== undefined) socket.end();
}

function trickle(
  socket: Socket,
  body: Buffer,
  { bytes, everyMs }: { readonly bytes: number; readonly everyMs: number },
): void {
  let at = 0;
  const timer = setInterval(() => {
    if (!socket.destroyed) socket.write(body.subarray(at, at + bytes));
    at += bytes;
    if (at >= body.byteLength || socket.destroyed) clearInterval(timer);
  }, everyMs);
}
