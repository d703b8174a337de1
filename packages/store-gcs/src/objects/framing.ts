import type { Bytes } from "@mortise/core";

/** A body of metadata and bytes, and its content type. */
export interface FramedUpload {
  readonly contentType: string;
  readonly body: Bytes;
}

// A boundary that stands in the bytes would cut them. Nobody can know this one before it is sent, and none is used twice;
// should it happen all the same, the digest in the metadata refuses the upload.
const random = crypto.randomUUID().replaceAll("-", "");
let count = 0;

/** `multipart/related` (RFC 2387) in one buffer: the object's resource as JSON, then its bytes. */
export function frameUpload(resource: object, contentType: string, bytes: Bytes): FramedUpload {
  const boundary = `${random}.${(count++).toString(36)}`;
  const head = Buffer.from(
    `--${boundary}\r\ncontent-type: application/json; charset=UTF-8\r\n\r\n${JSON.stringify(resource)}\r\n--${boundary}\r\ncontent-type: ${contentType}\r\n\r\n`,
  );
  const tail = `\r\n--${boundary}--\r\n`;
  const body = Buffer.allocUnsafe(head.byteLength + bytes.byteLength + tail.length);
  body.set(head, 0);
  body.set(bytes, head.byteLength);
  body.write(tail, head.byteLength + bytes.byteLength, "latin1");
  return { contentType: `multipart/related; boundary=${boundary}`, body };
}
