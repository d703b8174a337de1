import type { S3Request } from "../message.ts";

/** What a chunked body holds, and where it ends in the buffer. */
interface Chunked {
  readonly content: Buffer;
  readonly end: number;
}

/**
 * Reads `<hex length>[;extension]\r\n<bytes>\r\n`, ended by a chunk of 0 bytes, lines of trailers and an empty one: the
 * transfer encoding of HTTP, and aws-chunked. Undefined as long as the end has not come.
 */
export function readChunked(buffer: Buffer): Chunked | undefined {
  const pieces: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = buffer.indexOf("\r\n", at);
    if (lineEnd < 0) return undefined;
    const length = Number.parseInt(buffer.toString("latin1", at, lineEnd), 16);
    if (!(length > 0)) break;
    pieces.push(buffer.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 2 + length + 2;
  }
  const end = buffer.indexOf("\r\n\r\n", at);
  return end < 0 ? undefined : { content: Buffer.concat(pieces), end: end + 4 };
}

/** Whether the body comes in signed or trailed chunks, which are no part of the object. */
export const isFramed = ({ headers }: Pick<S3Request, "headers">): boolean =>
  headers["x-amz-content-sha256"]?.startsWith("STREAMING-") === true ||
  headers["content-encoding"]?.includes("aws-chunked") === true;

/** The object's bytes of a request. */
export const bytesOf = (request: S3Request): Buffer =>
  isFramed(request) ? (readChunked(request.body)?.content ?? request.body) : request.body;
