import type { Secret } from "@mortise/core";
import { endpointUrl, isKey, isSecret } from "@mortise/core";
import type { CompleteOptions, OperationSite } from "@mortise/store-kit";
import { storeError } from "@mortise/store-kit";

/** How to open a folder of a WebDAV server as a store. */
export interface WebdavStoreOptions extends CompleteOptions {
  /** http(s) URL of a folder that exists on the server; without credentials, query or fragment. */
  readonly endpoint: string;
  /** Folder below the endpoint, made by the first write. Default: the endpoint itself. */
  readonly location?: string | undefined;
  /** For Basic authentication. Default: none. */
  readonly username?: string | undefined;
  readonly password?: string | Secret | undefined;
}

/** Where the store is; no URL ends in a slash but those of `rootUrls`. */
interface Place {
  readonly endpoint: string;
  readonly root: string;
  /** The folders from the endpoint to the root. */
  readonly rootUrls: readonly string[];
}

/** The options, checked before any request: throws `invalid-config`, and never shows what may be a password. */
export function resolveOptions(options: WebdavStoreOptions): Place {
  const site: OperationSite = { operation: "open", store: options.storeName ?? "webdav" };
  const { endpoint, location = "" } = options;
  const problem = endpointProblem(endpoint);
  if (problem !== undefined) throw storeError(site, "invalid-config", `the endpoint ${problem}`);
  if (location !== "" && !isKey(location)) {
    throw storeError(
      site,
      "invalid-config",
      `the location ${JSON.stringify(location)} is no folder below the endpoint`,
      {
        hint: 'write it like "lab/objects": no slash at either end, no "." or ".."',
      },
    );
  }
  const base = new URL(endpoint).href.replace(/\/+$/, "");
  const segments = location === "" ? [] : location.split("/");
  const rootUrls = segments.map((_, index) => `${base}/${encodePath(segments.slice(0, index + 1).join("/"))}/`);
  return { endpoint: base, root: rootUrls.at(-1)?.slice(0, -1) ?? base, rootUrls };
}

function endpointProblem(endpoint: string): string | undefined {
  if (!URL.canParse(endpoint)) return "is no URL";
  const url = new URL(endpoint);
  if (url.username !== "" || url.password !== "") return "holds credentials: use username and password";
  if (/[?#]/.test(endpoint)) return "holds a query or fragment";
  try {
    // What holds for every endpoint: http or https, and not the address where clouds hand out credentials.
    endpointUrl(`${url.protocol}//${url.host}`);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The Basic credentials of RFC 7617. The only place where the password is revealed, once per request. */
export function authorization({ username, password = "" }: WebdavStoreOptions): Readonly<Record<string, string>> {
  if (username === undefined) return {};
  const pair = new TextEncoder().encode(`${username}:${isSecret(password) ? password.reveal() : password}`);
  return { authorization: `Basic ${btoa(String.fromCharCode(...pair))}` };
}

/** Each segment percent-encoded, so that no character of a key means anything in the URL. */
export function encodePath(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
