import type { ConfigKey, Logger, Secret } from "@mortise/core";

/** What `openPostgres` and `openMysql` take. */
export interface ServerOptions {
  /** Name or address, `name:port` (that port wins), `[::1]:port`, or the folder or file of a local socket. Default `localhost`. */
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly user: string;
  readonly password?: string | Secret | undefined;
  /** The database to connect to, where the server has several that know nothing of each other (PostgreSQL). */
  readonly name?: string | undefined;
  /** True: required. False: off. Unset: tried first; a plain connection only on this machine, with a warning. */
  readonly useTls?: boolean | undefined;
  /**
   * PEM file of the authorities that may have signed the server's certificate, or `system` for those that Node trusts.
   * Certificate and host name are then checked, and TLS is required. Without it neither is checked, as in Python.
   */
  readonly tlsCa?: string | undefined;
  /** False: a read whose connection was lost is not sent again. Default true. */
  readonly reconnect?: boolean | undefined;
  /** Most connections for statements, sessions and streams; two more for the ledger. Default 10. */
  readonly connections?: number | undefined;
  /** Milliseconds to wait for a connection, for COMMIT and for an answer to a cancelled statement. Default 30 000. */
  readonly waitMs?: number | undefined;
  readonly logger?: Logger | undefined;
  /** Ends the opening of the database, nothing later. */
  readonly signal?: AbortSignal | undefined;
}

/** Keys of the `database` configuration that both servers have beside DataJoint's, in our own block. */
export const serverKeys: readonly ConfigKey[] = [
  {
    name: "tls_ca",
    type: "string",
    mortiseOnly: true,
    description: "PEM file of the authorities that the server's certificate is checked against, or `system`",
  },
  {
    name: "connections",
    type: "integer",
    mortiseOnly: true,
    description: "Most connections for statements and transactions (default 10); the write protocol has two more",
  },
  {
    name: "wait_ms",
    type: "integer",
    mortiseOnly: true,
    description: "Milliseconds to wait for a connection (default 30 000)",
  },
];
