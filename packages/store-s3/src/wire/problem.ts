import type { Bytes } from "@mortise/core";
import type { HttpResponse } from "@mortise/store-kit/cloud";

/** What a server says about a refusal, in the XML body or, for HEAD, in headers. */
export interface Problem {
  readonly status: number;
  /** S3's code, for example `NoSuchKey`; undefined where there is none. */
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  /** The region where the bucket is, if the server tells. */
  readonly region?: string | undefined;
  readonly requestId?: string | undefined;
  /** Whether there was a body that is no S3 error: perhaps another program answers at this address. */
  readonly foreign: boolean;
}

type Answer = Pick<HttpResponse, "status" | "headers"> & { readonly bytes?: Bytes | undefined };

const start = /^\s*(?:<\?xml[^>]*\?>)?\s*<Error(?:\s[^>]*)?>/;

/** An error document, also one that came with status 200; undefined for any other body. */
export function errorDocument(bytes: Bytes | undefined): string | undefined {
  if (bytes === undefined || bytes.byteLength < 15) return undefined;
  const text = new TextDecoder().decode(bytes.subarray(0, 16_384));
  return start.test(text) ? text : undefined;
}

/** Reads a refusal. */
export function readProblem({ status, headers, bytes }: Answer): Problem {
  const text = errorDocument(bytes);
  const field = (name: string): string | undefined => (text === undefined ? undefined : element(text, name));
  return {
    // An error that comes with a success is the server's own.
    status: status < 300 ? 500 : status,
    code: field("Code") ?? headers["x-minio-error-code"],
    message: field("Message") ?? unquoted(headers["x-minio-error-desc"]),
    region: headers["x-amz-bucket-region"] ?? field("Region"),
    requestId: headers["x-amz-request-id"] ?? field("RequestId"),
    foreign: text === undefined && bytes !== undefined && bytes.byteLength > 0,
  };
}

function unquoted(text: string | undefined): string | undefined {
  return text?.replace(/^"(.*)"$/, "$1");
}

/** The text of the first element of a name. What it quotes of the entities is what servers were seen to write. */
function element(text: string, name: string): string | undefined {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
  return found === undefined || found === ""
    ? undefined
    : found.replaceAll(/&(#?\w+);/g, (whole, name: string) => entities[name] ?? whole);
}

const entities: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  "#39": "'",
  "#34": '"',
  amp: "&",
};
