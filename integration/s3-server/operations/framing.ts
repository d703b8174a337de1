import type { S3Request } from "../message.ts";

/** Whether the body comes in signed or trailed chunks, which are no part of the object. */
export const isFramed = ({ headers }: Pick<S3Request, "headers">): boolean =>
  headers["x-amz-content-sha256"]?.startsWith("STREAMING-") === true ||
  headers["content-encoding"]?.includes("aws-chunked") === true;

/** The bytes of an aws-chunked body: `<hex length>[;chunk-signature=…]\r\n<bytes>\r\n`, ended by a chunk of 0 and trailers. */
export function unframed(body: Buffer): Buffer {
  const pieces: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = body.indexOf("\r\n", at);
    if (lineEnd < 0) break;
    const length = Number.parseInt(body.toString("latin1", at, lineEnd), 16);
    if (!(length > 0)) break;
    pieces.push(body.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 2 + length + 2;
  }
  return Buffer.concat(pieces);
}

/** The object's bytes of a request. */
export const bytesOf = (request: S3Request): Buffer => (isFramed(request) ? unframed(request.body) : request.body);
