/** What databases behind a connection share: settings, TLS, pools, sessions. A package gives a `ServerDriver`. Loads Kysely. */
export { type ServerParts, serverDatabase } from "./database.ts";
export type * from "./driver.ts";
export type { ServerOptions } from "./options.ts";
export {
  type ServerDefaults,
  type ServerSettings,
  serverOptions,
  serverSettings,
  type TlsSettings,
} from "./settings.ts";
export { connectWithTls, type TlsAttempt } from "./tls.ts";
