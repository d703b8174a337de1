import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";

/** Of `localhost`, signed by itself, for a hundred years. It protects nothing: its key is below. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUM5bHUixk+bfZQZRDDDqhjLxN21QwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMzAyMzIxNFoYDzIxMjYxMDMw
MDIzMjE0WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARhaFcY8+OBrxmS8uNrhp7UDrd1tRtqHInbi+AuIa8ozQK1sF768bRZ
8irsivwklweie1kaeTC3Sf2pl7MdrEFOo2kwZzAdBgNVHQ4EFgQUh83K55nJYlHb
q4UOwI1t7cylSUEwHwYDVR0jBBgwFoAUh83K55nJYlHbq4UOwI1t7cylSUEwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIgZIUtiXhwRTJIO/UX3azVoOZaJCq+XDEwZjDQjS8MGdgCIQCmbYgBw2g1
2AdLgSG8TPhQI9IknhaU9YRNLtzgGo3IwQ==
-----END CERTIFICATE-----
`;
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgbJGeNP4J07eJk7aD
uUALSftuJRRb/fmxw1uefa1rc2qhRANCAARhaFcY8+OBrxmS8uNrhp7UDrd1tRtq
HInbi+AuIa8ozQK1sF768bRZ8irsivwklweie1kaeTC3Sf2pl7MdrEFO
-----END PRIVATE KEY-----
`;

/** The request for TLS that begins a connection: its length, and a code in place of a protocol version. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/** A server with TLS: takes the encryption off, and hands the rest to a server without. */
export interface TlsProxy extends AsyncDisposable {
  readonly port: number;
  /** Connections that were encrypted, those that asked to cancel included. */
  readonly encrypted: () => number;
}

export async function startTlsProxy(host: string, port: number): Promise<TlsProxy> {
  const open = new Set<Socket>();
  let encrypted = 0;
  const keep = <S extends Socket>(socket: S): S => {
    open.add(socket);
    // The other side hears of it by its end.
    socket.on("error", () => undefined).once("close", () => open.delete(socket));
    return socket;
  };
  const server = createServer((raw) => {
    keep(raw).once("data", (first) => {
      if (!first.equals(sslRequest)) {
        raw.destroy();
        return;
      }
      raw.write("S");
      encrypted += 1;
      const secure = keep(new TLSSocket(raw, { isServer: true, key, cert: certificate }));
      const behind = keep(connect(port, host));
      secure.pipe(behind).pipe(secure);
      secure.once("close", () => behind.destroy());
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    encrypted: () => encrypted,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await once(server.close(), "close");
    },
  };
}
