import type { Bytes } from "@mortise/core";
import type { Dispatcher } from "undici";
import { closedError } from "../errors.ts";
import type { HttpRequest, HttpResponse, HttpTransport } from "./contract.ts";
import { Exchange } from "./exchange.ts";
import { networkError, signalError } from "./network-error.ts";
import { createWatch } from "./watch.ts";

/** What may be said about the connections to a store; the defaults suit every provider. */
export interface TransportOptions {
  /**
   * Sockets per host for bodies that are being read, and as many for everything else: what is written may come from the
   * bodies that are read, which keep their sockets until then. Default 160. They are opened when they are needed.
   */
  readonly connections?: number | undefined;
  /** Milliseconds to wait for a connection. Default 10 000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Milliseconds after which an idle socket is closed. Default 4 000: Azurite closes its end after 6 seconds. */
  readonly keepAliveMs?: number | undefined;
  /**
   * Milliseconds without a byte sent or received after which a request is given up, with a retryable `timeout`: another
   * connection may be better. It must be less than the operation's own limit. Not for requests that let the server work
   * without a body, such as copies and the ends of uploads, nor while a body waits for its reader. Default 30 000.
   */
  readonly idleMs?: number | undefined;
  /** Any dispatcher of undici, for example a `ProxyAgent`. It stays the giver's: it is not closed here. */
  readonly dispatcher?: Dispatcher | undefined;
}

/** Progress of larger bodies is told in steps of so many bytes. */
const step = 256 * 1024;

/** The transport of one store, on undici, which is loaded by the first request. */
export function createTransport(options: TransportOptions = {}): HttpTransport {
  const bodies = new Map<string, Dispatcher>();
  const others = new Map<string, Dispatcher>();
  const watch = createWatch(options.idleMs ?? 30_000);
  let closed = false;

  async function open(pools: Map<string, Dispatcher>, origin: string): Promise<Dispatcher> {
    const { Pool } = await import("undici");
    // Another request may have opened it meanwhile.
    let pool = pools.get(origin);
    if (pool !== undefined) return pool;
    pool = new Pool(origin, {
      connections: options.connections ?? 160,
      keepAliveTimeout: options.keepAliveMs ?? 4_000,
      connect: { timeout: options.connectTimeoutMs ?? 10_000 },
      pipelining: 1,
      allowH2: false,
    });
    pools.set(origin, pool);
    return pool;
  }

  function send(dispatcher: Dispatcher, request: HttpRequest): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      if (closed) return reject(closedError(request.site));
      if (request.signal?.aborted === true) return reject(signalError(request.site, request.signal));
      const exchange = new Exchange(request, resolve, reject, hasSigns(request) ? watch : undefined);
      try {
        dispatcher.dispatch(dispatchOptions(request), exchange);
      } catch (error) {
        reject(networkError(request.site, error));
      }
    });
  }

  return {
    request(request) {
      const { method, collectUpTo, origin } = request;
      const pools = method === "GET" && collectUpTo === undefined ? bodies : others;
      const dispatcher = options.dispatcher ?? pools.get(origin);
      if (dispatcher !== undefined) return send(dispatcher, request);
      return open(pools, origin).then((pool) => send(pool, request));
    },
    async close() {
      closed = true;
      watch.end();
      const open = [...bodies.values(), ...others.values()];
      bodies.clear();
      others.clear();
      await Promise.all(open.map((pool) => pool.destroy(new Error("the store is closed"))));
    },
  };
}

/** Whether a server that is well gives a sign of life all the time: none does while it copies or puts parts together. */
function hasSigns({ method, body }: HttpRequest): boolean {
  return method !== "POST" && (method !== "PUT" || body !== undefined);
}

function dispatchOptions(request: HttpRequest): Dispatcher.DispatchOptions {
  const { origin, path, method, body, headers } = request;
  const long = body !== undefined && body.byteLength > 2 * step && request.onSent !== undefined;
  return {
    origin,
    path,
    method,
    headers: long ? { ...headers, "content-length": String(body.byteLength) } : headers,
    // undici takes iterables too, which its types do not say.
    body: (long ? steps(body) : (body ?? null)) as Uint8Array | null,
    // Time limits are the operation's: one here would end a slow upload that is making progress.
    headersTimeout: 0,
    bodyTimeout: 0,
    // undici would close the connection after each HEAD.
    reset: false,
  };
}

function* steps(body: Bytes): Generator<Bytes> {
  for (let start = 0; start < body.byteLength; start += step) yield body.subarray(start, start + step);
}
