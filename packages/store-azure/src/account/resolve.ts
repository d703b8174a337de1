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
      "use an https endpoint, or a key; Azurite takes tokens only with --oauth basic and a certificate",
    );
  }
  return account;
}

function configured(site: OperationSite, options: AzureStoreOptions): Account {
  const { auth, accountName, endpoint } = options;
  checkUnion(site, auth ?? {});
  if (auth !== undefined && "connectionString" in auth)
    return ofConnectionString(site, options, reveal(auth.connectionString));
  const name = agreed(
    site,
    accountName,
    auth !== undefined && "sharedKey" in auth ? auth.sharedKey.accountName : undefined,
  );
  const place = endpoint === undefined ? azurePlace(site, name) : placeOfEndpoint(site, "endpoint", endpoint, name);
  return {
    name: name ?? accountOfHost(place.origin),
    ...place,
    authorizer: authorizerOf(site, auth),
  };
}

function ofConnectionString(site: OperationSite, options: AzureStoreOptions, text: string): Account {
  const found = parseConnectionString(site, text);
  const name = agreed(site, options.accountName, found.accountName);
  const { accountKey, sas, blobEndpoint } = found;
  // Both may be there; the signature is the lesser right and what the string was made for.
  const authorizer =
    sas === undefined
      ? sharedKey(name ?? "", checkedSigner(site, accountKey?.reveal() ?? ""))
      : sharedAccessSignature(site, sas.reveal());
  if (options.endpoint !== undefined) {
    return { name, ...placeOfEndpoint(site, "endpoint", options.endpoint, name), authorizer };
  }
  if (blobEndpoint === undefined) return { name, ...azurePlace(site, name), authorizer };
  const { origin, basePath } = placeOfUrl(site, "BlobEndpoint of the connection string", blobEndpoint);
  return { name: name ?? accountOfHost(origin) ?? basePath.slice(1), origin, basePath, authorizer };
}

function authorizerOf(
  site: OperationSite,
  auth: Exclude<AzureAuth, { connectionString: unknown }> | undefined,
): Authorizer {
  if (auth === undefined) return bearerToken(ambientCredential());
  if ("sharedKey" in auth) {
    return sharedKey(auth.sharedKey.accountName, checkedSigner(site, reveal(auth.sharedKey.accountKey)));
  }
  if ("sas" in auth) return sharedAccessSignature(site, reveal(auth.sas));
  return bearerToken(() => Promise.resolve(auth.credential));
}

/** A union is easily written with two members in JavaScript: which of them was meant? */
function checkUnion(site: OperationSite, auth: object): void {
  const given = Object.entries(auth).filter(([, value]) => value !== undefined);
  const names = given.map(([name]) => name);
  if (names.length > 1) throw configError(site, `auth names ${names.join(" and ")}`, "give one of them");
  const unknown = names.find((name) => !["sharedKey", "sas", "connectionString", "credential"].includes(name));
  if (unknown !== undefined) {
    throw configError(site, `auth.${unknown} is not known`, "sharedKey, sas, connectionString or credential");
  }
}

/** The one account that all that is configured names. */
function agreed(site: OperationSite, ...names: readonly (string | undefined)[]): string | undefined {
  const given = [...new Set(names.filter((name) => name !== undefined && name !== ""))];
  if (given.length > 1) {
    throw configError(
      site,
      `two accounts are configured: ${given.join(" and ")}`,
      "a connection string names its account itself: leave account_name and account_key out, or make them agree",
    );
  }
  return given[0];
}

function azurePlace(site: OperationSite, name: string | undefined): Place {
  if (name === undefined) {
    throw configError(site, "no storage account is configured", "give account_name, connection_string or an endpoint");
  }
  if (!/^[a-z0-9]{3,24}$/.test(name)) {
    throw configError(site, `"${name}" is no name of a storage account`, "3 to 24 lower-case letters and digits");
  }
  return { origin: `https://${name}.blob.core.windows.net`, basePath: "" };
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
