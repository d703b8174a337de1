/**
 * The SDK's requests on our transport: one set of sockets, limits and errors, one place where a proxy is set, and no
 * error of the SDK's own, which would carry headers with signatures.
 */
import { hash } from "node:crypto";
import type { Bytes, StoreError } from "@mortise/core";
import type { CloudCall, HttpRequest } from "@mortise/store-kit/cloud";
import type { Target } from "../connect/connection.ts";
import type { ErrorSite } from "../errors.ts";
import { brokenAnswer, s3Error } from "../errors.ts";
import { encodePart } from "../sign/encode.ts";
import type { Signed } from "../wire/learn.ts";
import { learnFrom } from "../wire/learn.ts";
import { errorDocument } from "../wire/problem.ts";
import { errorSite } from "../wire/send.ts";

/** What a command of the SDK is run for; the SDK hands it on from `send` to the handler. */
export interface SdkCall {
  readonly call: CloudCall;
  readonly about: ErrorSite["about"];
  readonly condition?: ErrorSite["condition"];
}

/** What arrives here of a call. */
export interface SentCall extends SdkCall {
  readonly signed: Signed;
}

/** Thrown for a refusal that taught something: the command is worth running once more. */
export class Learned extends Error {
  readonly refusal: StoreError;

  constructor(refusal: StoreError) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** As much of the SDK's request as is sent. */
export interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>> | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly body?: unknown;
}

/** What the SDK reads of an answer. */
export interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Bytes;
}

/** Bytes of an answer that are held at once: 1000 keys with all that is said of each are about 1 MiB. */
const longest = 32 * 1024 * 1024;

/** What sends a client's requests. Throws store errors for every answer that is no success, also for those that say they are. */
export function createHandler(
  target: Target,
): (request: SdkRequest, options: SentCall) => Promise<{ readonly response: SdkResponse }> {
  return async (request, options) => {
    const { call } = options;
    const { protocol, hostname, port } = request;
    const response = await target.transport.request({
      method: request.method as HttpRequest["method"],
      origin: `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`,
      path: request.path + queryOf(request.query),
      headers: headersOf(target, request),
      body: bodyOf(request),
      site: call.site,
      signal: call.signal,
      collectUpTo: longest,
    });
    const { status, headers, bytes } = response;
    if (bytes === undefined) {
      await response.release();
      throw brokenAnswer(call.site, "an end", status);
    }
    if (status >= 200 && status < 300 && errorDocument(bytes) === undefined) {
      return { response: { statusCode: status, headers: headers as Record<string, string>, body: bytes } };
    }
    const refusal = s3Error(errorSite(target, options), response);
    throw learnFrom(target, response, options.signed) ? new Learned(refusal) : refusal;
  };
}

function bodyOf({ body, method }: SdkRequest): Bytes | undefined {
  if (method === "GET" || method === "HEAD") return undefined;
  if (typeof body === "string") return new TextEncoder().encode(body);
  return body instanceof Uint8Array ? body : undefined;
}

function headersOf({ server }: Target, request: SdkRequest): Record<string, string> {
  const headers: Record<string, string> = { ...request.headers };
  // The transport says both itself.
  delete headers["host"];
  delete headers["content-length"];
  const body = bodyOf(request);
  // Servers from before 2025 know no other checksum of a bulk deletion than this one, and demand one.
  if (body !== undefined && request.method === "POST" && server.aws === undefined) {
    headers["content-md5"] = hash("md5", body, "base64");
  }
  return headers;
}

function queryOf(query: SdkRequest["query"] = {}): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    for (const each of typeof value === "string" || value === null ? [value] : value) {
      parts.push(each === null ? encodePart(name) : `${encodePart(name)}=${encodePart(each)}`);
    }
  }
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}
