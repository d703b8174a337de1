import { endpointUrl } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { configError } from "../errors.ts";

/** The server and the account's path on it. */
export interface Place {
  readonly origin: string;
  readonly basePath: string;
}

const looks = "it looks like https://account.blob.core.windows.net or http://127.0.0.1:10000";

/** Hosts that serve accounts by path, as the SDK judges them too: addresses, and names that are no domain. */
const pathStyle = /^(?:\[.*\]|\d+\.\d+\.\d+\.\d+|[^.]+|host\.docker\.internal)$/;

/** An endpoint as configured: an origin, to which the account's path is added where the host does not begin with its name. */
export function placeOfEndpoint(
  site: OperationSite,
  name: string,
  endpoint: string,
  account: string | undefined,
): Place {
  const origin = checkedOrigin(site, name, endpoint);
  const { hostname } = new URL(origin);
  if (!pathStyle.test(hostname)) return { origin, basePath: "" };
  if (account !== undefined) return { origin, basePath: `/${encodeURIComponent(account)}` };
  throw configError(site, `${name} needs an account in its path`, "configure account_name too");
}

/** A URL of an account as connection strings and SDK clients have it: a path is the account's, a query its SAS. */
export function placeOfUrl(site: OperationSite, name: string, url: string): Place & { readonly query: string } {
  if (!URL.canParse(url)) throw configError(site, `${name} is no URL`, looks);
  const { origin, pathname, search, username, password } = new URL(url);
  if (username !== "" || password !== "") throw configError(site, `${name} must not hold credentials`, looks);
  return {
    origin: checkedOrigin(site, name, origin === "null" ? url : origin),
    basePath: pathname.replace(/\/+$/, ""),
    query: search.slice(1),
  };
}

/** http(s), no link-local address, no path: the rules of every endpoint. */
export function checkedOrigin(site: OperationSite, name: string, endpoint: string): string {
  try {
    return endpointUrl(endpoint);
  } catch (error) {
    throw configError(site, `${name} ${(error as Error).message}`, looks);
  }
}

/** The account that a host of Azure names; undefined for other hosts. */
export function accountOfHost(origin: string): string | undefined {
  return /^([a-z0-9]{3,24})(?:-secondary)?(?:\.z\d+)?\.blob\./.exec(new URL(origin).hostname)?.[1];
}
