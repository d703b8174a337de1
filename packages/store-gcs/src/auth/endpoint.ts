import { endpointUrl } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { configError } from "../errors.ts";

/** Where requests go. */
export interface Endpoint {
  /** Scheme, host and port. */
  readonly origin: string;
  /** One of Google's own: only these get the credentials of the environment, which nobody named for this store. */
  readonly google: boolean;
}

const standard = "https://storage.googleapis.com";

/**
 * The endpoint that is configured, or that the environment names as Google's libraries take it, or Google's. Throws
 * `invalid-config`.
 */
export function chooseEndpoint(site: OperationSite, configured: string | undefined): Endpoint {
  const emulator = process.env["STORAGE_EMULATOR_HOST"];
  if (configured !== undefined && configured !== "") return parse(site, "endpoint", configured);
  if (emulator === undefined || emulator === "") return { origin: standard, google: true };
  return parse(site, "STORAGE_EMULATOR_HOST", emulator);
}

/** Throws `invalid-config` for what is no http(s) URL of a server. */
export function parseEndpoint(site: OperationSite, name: string, value: string): string {
  return parse(site, name, value).origin;
}

/** Whether a token may be sent there: not in the clear through a network. */
export function isPrivate(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  return protocol === "https:" || /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

function parse(site: OperationSite, name: string, value: string): Endpoint {
  try {
    // An emulator's address often comes without a scheme, and none speaks TLS then.
    const origin = endpointUrl(value, name !== "STORAGE_EMULATOR_HOST");
    return { origin, google: /^https:\/\/(?:[\w-]+\.)*googleapis\.com$/.test(origin) };
  } catch (error) {
    throw configError(site, `${name} ${(error as Error).message}`, "for example https://storage.googleapis.com");
  }
}
