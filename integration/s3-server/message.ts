// What a request is once it was read, and an answer before it is sent. Operations and faults know nothing of sockets.

export type Operation =
  | "PutObject"
  | "GetObject"
  | "HeadObject"
  | "DeleteObject"
  | "CopyObject"
  | "DeleteObjects"
  | "ListObjectsV2"
  | "CreateMultipartUpload"
  | "UploadPart"
  | "UploadPartCopy"
  | "CompleteMultipartUpload"
  | "AbortMultipartUpload"
  | "ListParts"
  | "ListMultipartUploads"
  | "HeadBucket"
  | "GetBucketLocation"
  | "GetBucketVersioning"
  | "Unknown";

/** A request without its body: all that is known when the body starts to come. */
export interface S3Head {
  readonly operation: Operation;
  readonly method: string;
  readonly bucket: string;
  /** Decoded; empty for requests to the bucket. */
  readonly key: string;
  /** As it came, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface S3Request extends S3Head {
  /** As it came: possibly framed as aws-chunked. */
  readonly body: Buffer;
}

/** How an answer is sent where it is not simply sent. */
export interface Wire {
  /** Nothing is sent now: so many milliseconds later the request is carried out, and that answer is sent. */
  readonly later?: { readonly ms: number; readonly act: () => S3Answer } | undefined;
  /** The connection is reset instead. */
  readonly reset?: boolean | undefined;
  /** Nothing is sent, and the connection stays. */
  readonly silent?: boolean | undefined;
  /** `Content-Length`, where it lies. */
  readonly declaredLength?: number | undefined;
  /** Bytes of the body after which the connection is reset. */
  readonly cutAt?: number | undefined;
  /** Bytes of the body after which nothing comes any more, while the connection stays. */
  readonly stallAt?: number | undefined;
  /** The body comes in pieces of so many bytes, one every so many milliseconds. */
  readonly trickle?: { readonly bytes: number; readonly everyMs: number } | undefined;
}

export interface S3Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  readonly wire?: Wire | undefined;
}

/** Whether the answer says that it was done. */
export const isDone = ({ status }: S3Answer): boolean => status >= 200 && status < 300;

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&#34;",
  "'": "&#39;",
};

/** Text inside an element. Control characters become references, as S3 and MinIO send them. */
const escaped = (text: string): string =>
  text.replace(/[&<>"'\p{Cc}]/gu, (char) => entities[char] ?? `&#x${(char.codePointAt(0) ?? 0).toString(16)};`);

export const element = (name: string, content: string | number): string =>
  `<${name}>${typeof content === "number" ? content : escaped(content)}</${name}>`;

/** An element around other elements. */
export const group = (name: string, ...children: readonly string[]): string =>
  `<${name}>${children.join("")}</${name}>`;

/** The text of the first element of this name, with its references resolved; undefined where there is none. */
export function textOf(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text?.replace(/&(#x?[\da-f]+|\w+);/gi, (whole, entity: string) => {
    if (entity.startsWith("#x")) return String.fromCodePoint(Number.parseInt(entity.slice(2), 16));
    if (entity.startsWith("#")) return String.fromCodePoint(Number(entity.slice(1)));
    return { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" }[entity] ?? whole;
  });
}

export function xmlAnswer(root: string, ...children: readonly string[]): S3Answer {
  const body = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${group(root, ...children)}`);
  return { status: 200, headers: { "content-type": "application/xml" }, body };
}

export const errorXml = (code: string, message: string, more: Readonly<Record<string, string>> = {}): S3Answer =>
  xmlAnswer(
    "Error",
    element("Code", code),
    element("Message", message),
    ...Object.entries(more).map(([name, value]) => element(name, value)),
    element("RequestId", "loopback"),
  );

/** An error as S3 answers it; `more` are further elements of it. */
export const errorAnswer = (
  status: number,
  code: string,
  message: string,
  more: Readonly<Record<string, string>> = {},
): S3Answer => ({ ...errorXml(code, message, more), status });

export const emptyAnswer = (status: number, headers: Readonly<Record<string, string>> = {}): S3Answer => ({
  status,
  headers,
});
