import type { ServerSettings, TlsSettings } from "@mortise/sql/server";
import { Connection } from "pg";
import { connectTimeoutMs } from "./open-client.ts";
import type { Wire } from "./wire.ts";

/** What a session may be asked to stop by: known to its client and the server (or its pooler) only. */
export interface CancelKey {
  readonly processId: number;
  readonly secretKey: number;
  readonly tls: TlsSettings["options"] | false;
}

/**
 * Sends a request to cancel what runs in a session, on a socket of its own
 * (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS). It takes no
 * authentication and no free connection, and poolers pass it on. Resolves when the server has closed the socket: by then
 * the session has been told. The server never says whether anything ran.
 */
export function sendCancelRequest({ host, port }: ServerSettings, key: CancelKey): Promise<void> {
  const wire = new Connection({ ssl: key.tls }) as unknown as Wire;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => wire.stream.destroy(new Error("timeout expired")), connectTimeoutMs);
  const ask = (): void => wire.cancel(key.processId, key.secretKey);
  wire.on("connect", () => (key.tls === false ? ask() : wire.requestSsl()));
  wire.on("sslconnect", ask);
  wire.on("error", reject);
  wire.on("end", resolve);
  if (host.startsWith("/")) wire.connect(`${host}/.s.PGSQL.${port}`);
  else wire.connect(port, host);
  return promise.finally(() => {
    clearTimeout(timer);
    wire.stream.destroy();
  });
}
