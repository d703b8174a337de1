import type { Bytes } from "@mortise/core";
import type { CloudCall, HttpRequest, HttpResponse, HttpTransport } from "@mortise/store-kit/cloud";
import type { Account } from "../account/account.ts";
import { encodeQuery } from "./names.ts";

/**
 * The version of the service that is spoken: the first that lists from a name on. Azurite 3.37.0 knows it, but not the
 * one of the SDK, which is why the SDK's requests carry this one too.
 */
export const apiVersion = "2026-02-06";

type Query = readonly (readonly [name: string, value: string])[];

/** A request before it is dated and signed. */
export interface WireRequest extends CloudCall {
  readonly method: HttpRequest["method"];
  /** Percent-encoded, from the container on: `/container/name`. */
  readonly path: string;
  /** Decoded, sorted by name. */
  readonly query?: Query | undefined;
  /** Lower-case names; belongs to the callee. */
  readonly headers: Record<string, string>;
  readonly body?: Bytes | undefined;
  readonly collectUpTo?: number | undefined;
  readonly onSent?: ((bytes: number) => void) | undefined;
}

/** Sends signed requests to one account. Every answer comes back, also 4xx and 5xx. */
export interface Wire {
  readonly account: Account;
  send(request: WireRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

const noQuery: Query = [];

/** Date, version and signature around a transport. */
export function createWire(account: Account, transport: HttpTransport): Wire {
  const { origin, basePath, authorizer } = account;
  let second = 0;
  let date = "";

  function today(): string {
    const now = Math.floor(Date.now() / 1000);
    if (now !== second) {
      second = now;
      date = new Date(now * 1000).toUTCString();
    }
    return date;
  }

  function transmit(request: WireRequest, path: string, query: Query): Promise<HttpResponse> {
    const search =
      query === noQuery ? authorizer.query : [encodeQuery(query), authorizer.query].filter(Boolean).join("&");
    const sent = transport.request({ ...request, origin, path: search === "" ? path : `${path}?${search}` });
    return authorizer.refused === undefined ? sent : sent.then(noticeRefusal);
  }

  function noticeRefusal(answer: HttpResponse): HttpResponse {
    if (answer.status === 401) authorizer.refused?.();
    return answer;
  }

  return {
    account,
    send(request) {
      const { method, headers, query = noQuery, body, site } = request;
      const path = basePath + request.path;
      headers["x-ms-date"] = today();
      headers["x-ms-version"] = apiVersion;
      const waiting = authorizer.authorize({ method, path, query, headers, length: body?.byteLength ?? 0, site });
      return waiting === undefined
        ? transmit(request, path, query)
        : waiting.then(() => transmit(request, path, query));
    },
    close: () => transport.close(),
  };
}
