import type { OperationSite } from "@mortise/store-kit";
import { sharedAccessSignature } from "../auth/sas.ts";
import { sharedKey } from "../auth/shared-key.ts";
import { bearerToken } from "../auth/token.ts";
import { configError } from "../errors.ts";
import type { AzureStoreOptions, AzureTokenCredential } from "../options.ts";
import type { Account } from "./account.ts";
import { accountOfHost, placeOfUrl } from "./place.ts";

/** As much of the SDK's credentials as tells them apart: its classes may be there in several versions. */
interface AnyCredential {
  readonly accountName?: unknown;
  readonly computeHMACSHA256?: (text: string) => string;
  readonly getToken?: AzureTokenCredential["getToken"];
}

/** Account and credential of an SDK client. Throws `invalid-config` where `auth` is given too, or for another container. */
export function accountOfClient(site: OperationSite, options: AzureStoreOptions): Account {
  const { client, auth, endpoint, accountName, container } = options;
  if (client === undefined || auth !== undefined || endpoint !== undefined) {
    throw configError(site, "client is given together with auth or endpoint", "leave them out");
  }
  const { origin, basePath, query } = placeOfUrl(site, "the client's URL", client.url);
  let path = basePath;
  if ("containerName" in client) {
    if (client.containerName !== container) {
      throw configError(
        site,
        `the client is for the container "${client.containerName}"`,
        `container is "${container}"`,
      );
    }
    path = basePath.slice(0, basePath.lastIndexOf("/"));
  }
  const credential = client.credential as AnyCredential;
  const name = accountName ?? nameOf(credential) ?? accountOfHost(origin) ?? (path === "" ? undefined : path.slice(1));
  const place = { name, origin, basePath: path };
  const { computeHMACSHA256, getToken } = credential;
  if (computeHMACSHA256 !== undefined) {
    return { ...place, authorizer: sharedKey(name ?? "", (text) => computeHMACSHA256.call(credential, text)) };
  }
  if (getToken !== undefined) {
    const ours: AzureTokenCredential = { getToken: getToken.bind(credential) };
    return { ...place, authorizer: bearerToken(() => Promise.resolve(ours)) };
  }
  if (query !== "") return { ...place, authorizer: sharedAccessSignature(site, query) };
  throw configError(site, "the client has no credential", "give it one: anonymous access can't write");
}

function nameOf({ accountName }: AnyCredential): string | undefined {
  return typeof accountName === "string" ? accountName : undefined;
}
