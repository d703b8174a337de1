import type { Bytes } from "@mortise/core";
import type { OperationSite } from "../errors.ts";

/** One HTTP request. Nothing here is ever put into an error or a log: headers and query hold signatures. */
export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** Scheme, host and port, as `URL.origin` gives them. */
  readonly origin: string;
  /** Path and query, percent-encoded as they go on the wire. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Always in memory, so that it can be sent again: larger objects go in parts. */
  readonly body?: Bytes | undefined;
  /** For errors. */
  readonly site: OperationSite;
  /** Aborting closes the socket. */
  readonly signal?: AbortSignal | undefined;
  /** An answer's body of up to so many bytes comes in `bytes`; a longer one as a stream. Default 64 KiB. */
  readonly collectUpTo?: number | undefined;
  /** Called while a body is sent, with the bytes so far. */
  readonly onSent?: ((bytes: number) => void) | undefined;
}

/** An answer of any status: also 4xx and 5xx are answers, and redirects are never followed. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; of a repeated header the values joined by ", ". */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The whole body where it was short enough; undefined where it comes in `chunks`. */
  readonly bytes: Bytes | undefined;
  /** The body, pulled with back-pressure. Ends with a retryable store error where the connection breaks or bytes are missing. */
  readonly chunks: AsyncIterable<Bytes>;
  /** Frees the socket of a body that is not read to its end; harmless otherwise. */
  release(): Promise<void>;
}

/**
 * The lean way to a server: keep-alive connections, no retries, no redirects, no cookies, no decompression. `request`
 * rejects only where there was no whole answer, with a store error: `unavailable` or `timeout` (both retryable), `aborted`,
 * or `invalid-config` where the host does not exist or its certificate is refused.
 */
export interface HttpTransport {
  request(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}
