import type { StoreError, StoreErrorCode } from "@mortise/core";
import { isStoreError } from "@mortise/core";
import type { OperationSite } from "../errors.ts";
import { abortedError, closedError, safeCause, storeError } from "../errors.ts";

interface Meaning {
  readonly code: StoreErrorCode;
  readonly found: string;
  readonly hint?: string | undefined;
  readonly retryable?: boolean | undefined;
  /** The request never left this machine. */
  readonly notSent?: boolean | undefined;
}

const certificate: Meaning = {
  code: "invalid-config",
  found: "the server's certificate is refused",
  hint: "if it is signed by your own authority, name that authority's file in NODE_EXTRA_CA_CERTS; otherwise look at the endpoint's host name and the certificate's dates",
  notSent: true,
};
const plainPort: Meaning = {
  code: "invalid-config",
  found: "the server speaks plain HTTP at this port, not TLS",
  hint: 'set "secure" to false, write http:// in the endpoint, or use the server\'s TLS port',
  notSent: true,
};
const unreachable: Meaning = {
  code: "unavailable",
  found: "the host can't be reached",
  hint: "look at the network of this machine, its routes, firewall and proxy",
  notSent: true,
};
const flaky = "it is tried again before this is said: look at the network, at proxies and at the server's log";
const cut: Meaning = {
  code: "unavailable",
  found: "the connection was cut before the whole answer was there",
  hint: flaky,
};

/** Codes of Node's sockets and TLS, and of undici (docs/api/Errors.md there). */
const meanings: Readonly<Record<string, Meaning>> = {
  ECONNREFUSED: {
    code: "unavailable",
    found: "the connection was refused",
    hint: "look whether the server runs, and at host and port of the endpoint",
    notSent: true,
  },
  ENOTFOUND: {
    code: "invalid-config",
    found: "the host does not exist",
    hint: "look at the endpoint's host name, and at the bucket's where it is part of the host (path-style addressing avoids that)",
    notSent: true,
  },
  EAI_AGAIN: {
    code: "unavailable",
    found: "the host's address can't be looked up now",
    hint: "look at this machine's name service",
    notSent: true,
  },
  UND_ERR_CONNECT_TIMEOUT: {
    code: "timeout",
    found: "the host did not accept a connection in time",
    hint: "look at host and port of the endpoint, and whether a firewall drops the packets",
    notSent: true,
  },
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  EADDRNOTAVAIL: { ...unreachable, found: "this machine has no free port or address for another connection" },
  EMFILE: {
    code: "unavailable",
    found: "this process has too many open files",
    hint: "read or dispose every result of get; raise ulimit -n",
    notSent: true,
  },
  ETIMEDOUT: { code: "timeout", found: "the network gave no sign of life", hint: flaky },
  UND_ERR_HEADERS_TIMEOUT: { code: "timeout", found: "the server did not answer in time", hint: flaky },
  UND_ERR_BODY_TIMEOUT: { code: "timeout", found: "the server stopped sending in the middle of the body", hint: flaky },
  ECONNRESET: cut,
  EPIPE: cut,
  UND_ERR_SOCKET: cut,
  UND_ERR_INFO: cut,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: cut,
  ERR_SSL_WRONG_VERSION_NUMBER: plainPort,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: plainPort,
  ERR_SSL_HTTP_REQUEST: plainPort,
  DEPTH_ZERO_SELF_SIGNED_CERT: certificate,
  SELF_SIGNED_CERT_IN_CHAIN: certificate,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificate,
  UNABLE_TO_GET_ISSUER_CERT: certificate,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: certificate,
  ERR_TLS_CERT_ALTNAME_INVALID: certificate,
  CERT_HAS_EXPIRED: certificate,
  CERT_NOT_YET_VALID: certificate,
  CERT_UNTRUSTED: certificate,
  CERT_REJECTED: certificate,
  UND_ERR_HEADERS_OVERFLOW: { code: "protocol", found: "the answer's headers are too long", hint: flaky },
  UND_ERR_INVALID_ARG: {
    code: "unsupported",
    found: "the request can't be sent in HTTP",
    hint: "look at content type and metadata: control characters and line breaks are not allowed in headers",
    notSent: true,
  },
  UND_ERR_PRX_CONN: {
    code: "unavailable",
    found: "the proxy can't be reached or refuses",
    hint: "look at the dispatcher that was given",
    notSent: true,
  },
};

const notHttp: Meaning = {
  code: "protocol",
  found: "the answer is not HTTP",
  hint: 'if the server speaks TLS at this port, set "secure" to true or write https:// in the endpoint',
  retryable: true,
};

/** The store error for whatever ended a connection; errors of ours pass unchanged. */
export function networkError(site: OperationSite, cause: unknown): StoreError {
  if (isStoreError(cause)) return cause;
  const { code = "", message = "" } = (cause ?? {}) as { readonly code?: string; readonly message?: string };
  if (code === "UND_ERR_DESTROYED" || code === "UND_ERR_CLOSED") return closedError(site);
  const meaning = meanings[code] ?? guess(code, message);
  return storeError(site, meaning.code, code === "" ? meaning.found : `${meaning.found} (${code})`, {
    hint: meaning.hint,
    retryable: meaning.retryable,
    notSent: meaning.notSent,
    cause: safeCause(cause),
  });
}

function guess(code: string, message: string): Meaning {
  if (code.startsWith("HPE_")) return notHttp;
  if (code === "EPROTO" && /wrong version|packet length|http request/i.test(message)) return plainPort;
  if (code.startsWith("ERR_SSL") || code === "EPROTO") {
    return {
      ...plainPort,
      found: "no TLS connection can be made",
      hint: "look at the server's TLS versions and ciphers",
    };
  }
  return { ...cut, found: "the connection failed" };
}

/** Why a request ended early because its signal did: the reason where that is a store error. */
export function signalError(site: OperationSite, signal: AbortSignal): StoreError {
  return isStoreError(signal.reason) ? signal.reason : abortedError(site, signal.reason);
}

/** Go's and nginx's answer in plain HTTP at a TLS port; undefined for any other answer. */
export function plainToTls(site: OperationSite, status: number, body: Uint8Array | undefined): StoreError | undefined {
  if (status !== 400 || body === undefined) return undefined;
  if (!/HTTP request (?:to an HTTPS server|was sent to HTTPS port)/.test(new TextDecoder().decode(body)))
    return undefined;
  return storeError(site, "invalid-config", "the server speaks TLS at this port, not plain HTTP", {
    hint: 'set "secure" to true, or write https:// in the endpoint',
    status,
  });
}
