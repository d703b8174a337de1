import { ConfigError, isMortiseError } from "@mortise/core";
import { isLoopback } from "./host.ts";
import type { ServerSettings, TlsSettings } from "./settings.ts";

/** Connects once; throws what `isRefused` knows where the server has no TLS. */
export type TlsAttempt<C> = (tls: TlsSettings["options"] | false) => Promise<C>;

/** Where a server without TLS has been found: said once, and not tried again for each connection. */
const plain = new WeakSet<ServerSettings>();

/**
 * Connects with or without TLS, as the settings say. Unset means TLS first; a server that has none is used without it on
 * this machine only, with the warning `database.plain-connection`.
 *
 * @param isRefused whether an error of `attempt` means that the server has no TLS, as opposed to any other failure
 * @throws ConfigError `tls-unavailable` where the server has no TLS and must not be used without it
 */
export async function connectWithTls<C>(
  settings: ServerSettings,
  attempt: TlsAttempt<C>,
  isRefused: (error: unknown) => boolean,
): Promise<C> {
  const { mode, options } = settings.tls;
  if (mode === "off" || plain.has(settings)) return await attempt(false);
  try {
    return await attempt(options);
  } catch (error) {
    if (!isRefused(error)) throw error;
    if (mode === "required" || !isLoopback(settings.host)) throw unavailable(settings, error);
    settings.logger.warn("database.plain-connection", { place: settings.place, reason: "the server has no TLS" });
    plain.add(settings);
    return await attempt(false);
  }
}

function unavailable(settings: ServerSettings, cause: unknown): ConfigError {
  const why =
    settings.tls.mode === "required"
      ? "TLS is required"
      : "without it everything, the password included, could be read on the way";
  return new ConfigError("tls-unavailable", `the server of ${settings.place} has no TLS, and ${why}`, {
    cause: isMortiseError(cause) ? cause : undefined,
    hint: "turn TLS on in the server, or set database.use_tls to false if the network is trusted",
  });
}
