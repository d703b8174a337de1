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
const development: ConnectionString = {
  accountName: "devstoreaccount1",
  accountKey: new Secret("Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="),
  blobEndpoint: "http://127.0.0.1:10000/devstoreaccount1",
};

const known =
  /^(?:AccountName|AccountKey|BlobEndpoint|DefaultEndpointsProtocol|EndpointSuffix|SharedAccessSignature|UseDevelopmentStorage)$/i;
/** Endpoints of other services, which a string of the portal may name too. */
const ignored = /endpoint$/i;

/** Reads a connection string. Throws `invalid-config`, never quoting a value: they are secrets. */
export function parseConnectionString(site: OperationSite, text: string): ConnectionString {
  const values = new Map<string, string>();
  for (const pair of text.split(";").filter((each) => each.trim() !== "")) {
    const [name = "", ...rest] = pair.split("=");
    if (known.test(name.trim())) values.set(name.trim().toLowerCase(), rest.join("=").trim());
    else if (!ignored.test(name.trim())) throw malformed(site, "a part of it has no name that is known");
  }
  const value = (name: string): string | undefined => values.get(name.toLowerCase());
  const blobEndpoint = value("BlobEndpoint");
  if (value("UseDevelopmentStorage") === "true") {
    return { ...development, blobEndpoint: blobEndpoint ?? development.blobEndpoint };
  }
  const [accountName, key, sas] = [value("AccountName"), value("AccountKey"), value("SharedAccessSignature")];
  if (key === undefined && sas === undefined)
    throw malformed(site, "it has neither AccountKey nor SharedAccessSignature");
  if (key !== undefined && accountName === undefined) throw malformed(site, "it has an AccountKey and no AccountName");
  const host = `${accountName}.blob.${value("EndpointSuffix") ?? "core.windows.net"}`;
  const standard = accountName && `${value("DefaultEndpointsProtocol") ?? "https"}://${host}`;
  return {
    accountName,
    accountKey: key === undefined ? undefined : new Secret(key),
    sas: sas === undefined ? undefined : new Secret(sas),
    blobEndpoint: blobEndpoint ?? standard,
  };
}

function malformed(site: OperationSite, found: string): Error {
  return configError(
    site,
    `the connection string can't be used: ${found}`,
    "copy it from the account's access keys or shared access signature page, whole, on one line",
  );
}
