import {
  AnonymousCredential,
  BlobServiceClient,
  ContainerClient,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import { Secret } from "@mortise/core";
import { describe, expect, it } from "vitest";
import type { AzureStoreOptions } from "../options.ts";
import { resolveAccount } from "./resolve.ts";

const site = { operation: "open", store: "raw" };
const accountKey = Buffer.from("canary-of-a-key").toString("base64");
const sas = "sv=2026-02-06&sp=rcwdl&sr=c&sig=canary";
const sharedKey = { sharedKey: { accountName: "lab1", accountKey } };
const credential = { getToken: () => Promise.resolve(null) };

const resolve = (options: Omit<AzureStoreOptions, "container">) =>
  resolveAccount(site, { container: "raw", ...options });
const placed = (options: Omit<AzureStoreOptions, "container">): string => {
  const { name, origin, basePath, authorizer } = resolve(options);
  return `${authorizer.kind} ${name} ${origin}${basePath}`;
};

describe("the account", () => {
  it.each<[string, Omit<AzureStoreOptions, "container">, string]>([
    ["a key", { auth: sharedKey }, "sharedKey lab1 https://lab1.blob.core.windows.net"],
    ["nothing but a name", { accountName: "lab1" }, "token lab1 https://lab1.blob.core.windows.net"],
    ["a credential", { accountName: "lab1", auth: { credential } }, "token lab1 https://lab1.blob.core.windows.net"],
    ["a SAS", { accountName: "lab1", auth: { sas: `?${sas}` } }, "sas lab1 https://lab1.blob.core.windows.net"],
    [
      "an emulator",
      { auth: sharedKey, endpoint: "http://127.0.0.1:10000" },
      "sharedKey lab1 http://127.0.0.1:10000/lab1",
    ],
    [
      "a service name",
      { auth: sharedKey, endpoint: "http://azurite:10000" },
      "sharedKey lab1 http://azurite:10000/lab1",
    ],
    ["IPv6", { auth: sharedKey, endpoint: "http://[::1]:10000" }, "sharedKey lab1 http://[::1]:10000/lab1"],
    ["a domain", { auth: sharedKey, endpoint: "https://blobs.lab.org" }, "sharedKey lab1 https://blobs.lab.org"],
    [
      "a cloud",
      { auth: { sas }, endpoint: "https://lab2.blob.core.usgovcloudapi.net" },
      "sas lab2 https://lab2.blob.core.usgovcloudapi.net",
    ],
  ])("of %s", (_, options, expected) => {
    expect(placed(options)).toBe(expected);
  });

  it.each<[string, string]>([
    [`AccountName=lab1;AccountKey=${accountKey}`, "sharedKey lab1 https://lab1.blob.core.windows.net"],
    [
      `DefaultEndpointsProtocol=http;AccountName=lab1;AccountKey=${accountKey};EndpointSuffix=core.chinacloudapi.cn;`,
      "sharedKey lab1 http://lab1.blob.core.chinacloudapi.cn",
    ],
    [
      `AccountName=lab1;AccountKey=${accountKey};BlobEndpoint=http://127.0.0.1:10000/lab1/;QueueEndpoint=http://x`,
      "sharedKey lab1 http://127.0.0.1:10000/lab1",
    ],
    [
      `BlobEndpoint=https://lab1.blob.core.windows.net/;SharedAccessSignature=${sas}`,
      "sas lab1 https://lab1.blob.core.windows.net",
    ],
    ["UseDevelopmentStorage=true", "sharedKey devstoreaccount1 http://127.0.0.1:10000/devstoreaccount1"],
  ])("of the connection string %#", (connectionString, expected) => {
    expect(placed({ auth: { connectionString: new Secret(connectionString) } })).toBe(expected);
  });

  it("of the SDK's clients is theirs, with their credential", () => {
    const key = new StorageSharedKeyCredential("lab1", accountKey);
    const service = new BlobServiceClient("https://lab1.blob.core.windows.net", key);
    expect(placed({ client: service })).toBe("sharedKey lab1 https://lab1.blob.core.windows.net");
    expect(placed({ client: new ContainerClient("http://127.0.0.1:1/lab1/raw", key) })).toBe(
      "sharedKey lab1 http://127.0.0.1:1/lab1",
    );
    const signed = new ContainerClient(`https://lab1.blob.core.windows.net/raw?${sas}`, new AnonymousCredential());
    expect(placed({ client: signed })).toBe("sas lab1 https://lab1.blob.core.windows.net");
    const { authorizer } = resolve({ client: service });
    expect(authorizer.sign?.("text")).toBe(resolve({ auth: sharedKey }).authorizer.sign?.("text"));
  });

  it.each<[string, Omit<AzureStoreOptions, "container">, RegExp]>([
    ["no account", {}, /no storage account/],
    ["two accounts", { accountName: "lab2", auth: sharedKey }, /two accounts.*lab2 and lab1/],
    [
      "two accounts by string",
      { accountName: "lab2", auth: { connectionString: `AccountName=lab1;AccountKey=${accountKey}` } },
      /two accounts/,
    ],
    ["two ways", { auth: { ...sharedKey, sas } }, /auth names sharedKey and sas/],
    ["an unknown way", { accountName: "lab1", auth: { key: "x" } as never }, /no way that is known/],
    ["a wrong name", { accountName: "Lab_1" }, /no name of a storage account/],
    ["a key that is cut", { auth: { sharedKey: { accountName: "lab1", accountKey: "canary key" } } }, /not base64/],
    ["a SAS without signature", { accountName: "lab1", auth: { sas: "sp=canary" } }, /no signature/],
    [
      "a string of something else",
      { auth: { connectionString: "Server=canary;Password=canary" } },
      /connection string can't be used/,
    ],
    ["a string without a key", { auth: { connectionString: "AccountName=lab1" } }, /neither AccountKey nor/],
    ["a path", { auth: sharedKey, endpoint: "https://lab1.blob.core.windows.net/raw" }, /must not hold a path/],
    ["link-local", { auth: sharedKey, endpoint: "http://169.254.169.254" }, /link-local/],
    ["a file", { auth: sharedKey, endpoint: "file:///etc/passwd" }, /must be http or https/],
    ["credentials in a URL", { auth: sharedKey, endpoint: "https://me:canary@lab.org" }, /must not hold credentials/],
    [
      "link-local in a string",
      { auth: { connectionString: `BlobEndpoint=http://169.254.169.254/x;SharedAccessSignature=${sas}` } },
      /link-local/,
    ],
    [
      "a token without TLS",
      { accountName: "lab1", auth: { credential }, endpoint: "http://127.0.0.1:10000" },
      /https only/,
    ],
    [
      "the client of another container",
      { client: new ContainerClient("https://lab1.blob.core.windows.net/other") },
      /container "other"/,
    ],
    [
      "a client without credential",
      { client: new ContainerClient("https://lab1.blob.core.windows.net/raw") },
      /no credential/,
    ],
    [
      "a client and a key",
      { client: new BlobServiceClient("https://lab1.blob.core.windows.net"), auth: sharedKey },
      /together with auth/,
    ],
  ])("with %s is refused, and no secret is shown", (_, options, message) => {
    let thrown: unknown;
    try {
      resolve(options);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: "invalid-config", message });
    expect(JSON.stringify(thrown) + String(thrown)).not.toContain("canary");
  });
});
