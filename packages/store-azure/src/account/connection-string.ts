import { Secret } from "@mortise/core";
import type { OperationSite } from "@mortise/store-kit";
import { configError } from "../errors.ts";

/** What a connection string says of Blob Storage. */
export interface ConnectionString {
  readonly accountName?: string | undefined;
  readonly accountKey?: Secret | undefined;
  readonly sas?: Secret | undefined;
  /** URL of the account, perhaps with a path (`http://127.0.0.1:10000/devstoreaccount1`). */
  readonly blobEndpoint?: string | undefined;
}

/** The account that every Azurite knows (https://learn.microsoft.com/azure/storage/common/storage-connect-azurite): no secret. */
const development = {
  AccountName: "devstoreaccount1",
  AccountKey: "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
  BlobEndpoint: "http://127.0.0.1:10000/devstoreaccount1",
} as const;

const known = new Map(
  ["AccountName", "AccountKey", "BlobEndpoint", "DefaultEndpointsProtocol", "EndpointSuffix"]
    .concat("SharedAccessSignature", "UseDevelopmentStorage")
    .map((name) => [name.toLowerCase(), name]),
);
/** Endpoints of other services, which a string of the portal may name too. */
const ignored = /^(?:(?:queue|table|file|dfs|web)endpoint|\w+secondaryendpoint)$/;

/** Reads a connection string. Throws `invalid-config`, never quoting a value: they are secrets. */
export function parseConnectionString(site: OperationSite, text: string): ConnectionString {
  const values = new Map<string, string>();
  for (const pair of text.split(";")) {
    if (pair.trim() === "") continue;
    const cut = pair.indexOf("=");
    const given = cut === -1 ? "" : pair.slice(0, cut).trim().toLowerCase();
    const name = known.get(given);
    if (name !== undefined) values.set(name, pair.slice(cut + 1).trim());
    else if (!ignored.test(given)) throw malformed(site, "it has a part that is none of a connection string's names");
  }
  if (values.get("UseDevelopmentStorage")?.toLowerCase() === "true") {
    for (const [name, value] of Object.entries(development)) if (!values.has(name)) values.set(name, value);
  }
  const [accountName, key, sas] = [
    values.get("AccountName"),
    values.get("AccountKey"),
    values.get("SharedAccessSignature"),
  ];
  if (key === undefined && sas === undefined)
    throw malformed(site, "it has neither AccountKey nor SharedAccessSignature");
  if (key !== undefined && accountName === undefined) throw malformed(site, "it has an AccountKey and no AccountName");
  return {
    accountName,
    accountKey: key === undefined ? undefined : new Secret(key),
    sas: sas === undefined ? undefined : new Secret(sas),
    blobEndpoint: values.get("BlobEndpoint") ?? defaultEndpoint(values, accountName),
  };
}

function defaultEndpoint(values: ReadonlyMap<string, string>, accountName: string | undefined): string | undefined {
  if (accountName === undefined) return undefined;
  const scheme = values.get("DefaultEndpointsProtocol") ?? "https";
  return `${scheme}://${accountName}.blob.${values.get("EndpointSuffix") ?? "core.windows.net"}`;
}

function malformed(site: OperationSite, found: string): Error {
  return configError(
    site,
    `the connection string can't be used: ${found}`,
    "copy it from the account's access keys or shared access signature page, whole, on one line",
  );
}
