import { isSecret, type Secret } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import type { Authorizer } from "../auth/contract.ts";
import { ambientCredential } from "../auth/identity.ts";
import { sharedAccessSignature } from "../auth/sas.ts";
import { keySigner, sharedKey } from "../auth/shared-key.ts";
import { bearerToken } from "../auth/token.ts";
import { configError } from "../errors.ts";
import type { AzureAuth, AzureStoreOptions } from "../options.ts";
import type { Account } from "./account.ts";
import { accountOfClient } from "./client.ts";
import { parseConnectionString } from "./connection-string.ts";
import type { Place } from "./place.ts";
import { accountOfHost, placeOfEndpoint, placeOfUrl } from "./place.ts";

/** What the options say, before anything is sent. Throws `invalid-config` for what is missing or contradicts itself. */
export function resolveAccount(site: OperationSite, options: AzureStoreOptions): Account {
  const account = options.client === undefined ? configured(site, options) : accountOfClient(site, options);
  if (account.authorizer.kind === "token" && !account.origin.startsWith("https:")) {
    throw configError(
      site,
      `tokens are sent over https only, and the endpoint is ${account.origin}`,
      "use an https endpoint, or configure account_key",
    );
  }
  return account;
}

function configured(site: OperationSite, options: AzureStoreOptions): Account {
  checkUnion(site, options.auth ?? {});
  const { auth, names, url } = given(site, options);
  const named = agreed(site, [options.accountName, ...names]);
  const place = placeOf(site, options.endpoint, url, named);
  const name = named ?? accountOfHost(place.origin);
  return { name, ...place, authorizer: authorizerOf(site, auth, name) };
}

interface Given {
  readonly auth: Exclude<AzureAuth, { connectionString: unknown }> | undefined;
  readonly names: readonly (string | undefined)[];
  /** Of the account, where a connection string says it. */
  readonly url?: string | undefined;
}

/** A connection string taken apart; where it has key and SAS, the lesser right is what it was made for. */
function given(site: OperationSite, { auth }: AzureStoreOptions): Given {
  if (auth === undefined || !("connectionString" in auth)) {
    return { auth, names: auth !== undefined && "sharedKey" in auth ? [auth.sharedKey.accountName] : [] };
  }
  const {
    accountName = "",
    accountKey = "",
    sas,
    blobEndpoint,
  } = parseConnectionString(site, reveal(auth.connectionString));
  const parts = sas === undefined ? { sharedKey: { accountName, accountKey } } : { sas };
  return { auth: parts, names: [accountName], url: blobEndpoint };
}

function placeOf(
  site: OperationSite,
  endpoint: string | undefined,
  url: string | undefined,
  account: string | undefined,
): Place {
  if (endpoint !== undefined) return placeOfEndpoint(site, "endpoint", endpoint, account);
  if (url === undefined) return { origin: `https://${checkedName(site, account)}.blob.core.windows.net`, basePath: "" };
  const { origin, basePath } = placeOfUrl(site, "BlobEndpoint", url);
  return { origin, basePath };
}

function authorizerOf(site: OperationSite, auth: Given["auth"], name: string | undefined): Authorizer {
  if (auth === undefined) return bearerToken(ambientCredential());
  if ("sharedKey" in auth) {
    const { accountKey } = auth.sharedKey;
    return sharedKey(checkedName(site, name), checkedSigner(site, reveal(accountKey)));
  }
  if ("sas" in auth) return sharedAccessSignature(site, reveal(auth.sas));
  if ("credential" in auth) return bearerToken(() => Promise.resolve(auth.credential));
  throw configError(site, "auth names no way that is known", "sharedKey, sas, connectionString or credential");
}

/** A union is easily written with two members in JavaScript: which of them was meant? */
function checkUnion(site: OperationSite, auth: object): void {
  const names = Object.entries(auth).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (names.length > 1) throw configError(site, `auth names ${names.join(" and ")}`, "give one of them");
}

/** The one account that all that is configured names. */
function agreed(site: OperationSite, names: readonly (string | undefined)[]): string | undefined {
  const different = [...new Set(names.filter((name) => name !== undefined && name !== ""))];
  if (different.length > 1) {
    throw configError(
      site,
      `two accounts are configured: ${different.join(" and ")}`,
      "a connection string names its account itself: leave account_name out",
    );
  }
  return different[0];
}

function checkedName(site: OperationSite, name: string | undefined): string {
  if (name !== undefined && /^[a-z0-9]{3,24}$/.test(name)) return name;
  const found = name === undefined ? "no storage account is configured" : `"${name}" is no name of a storage account`;
  throw configError(site, found, "give account_name (3 to 24 lower-case letters and digits) or connection_string");
}

function checkedSigner(site: OperationSite, key: string): ReturnType<typeof keySigner> {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(key)) {
    throw configError(site, "the account key is not base64", "copy key1 or key2 of the account's access keys, whole");
  }
  return keySigner(key);
}

function reveal(value: string | Secret): string {
  return isSecret(value) ? value.reveal() : value;
}
