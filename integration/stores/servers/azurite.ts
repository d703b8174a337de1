import { createHmac } from "node:crypto";
import { GenericContainer, Wait } from "testcontainers";
import { originOf, startContainer } from "./engine.ts";
import { newBucketName, type Place, type StoreServer } from "./place.ts";

const image = "mcr.microsoft.com/azure-storage/azurite:3.37.0";
const port = 10_000;

// The account that Azurite always has, published in its documentation.
const account = "devstoreaccount1";
const accountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/** Azurite's blob service, with its version check on, as a user would start it. */
export async function startAzurite(): Promise<StoreServer> {
  const container = await startContainer(
    image,
    new GenericContainer(image)
      .withCommand(["azurite-blob", "--disableTelemetry", "--blobHost", "0.0.0.0", "-l", "/tmp"])
      .withExposedPorts(port)
      // It answers 400 to a request that names no account.
      .withWaitStrategy(Wait.forHttp("/", port).forStatusCodeMatching(() => true)),
  );
  const origin = await originOf(container, port);
  return {
    createPlace: () => createContainer(origin),
    async [Symbol.asyncDispose]() {
      await container.stop();
    },
  };
}

/**
 * Signed by hand: the vendor's client sends an API version that this Azurite refuses.
 * https://learn.microsoft.com/rest/api/storageservices/authorize-with-shared-key
 */
async function createContainer(origin: string): Promise<Place> {
  const container = newBucketName();
  const headers = { "x-ms-date": new Date().toUTCString(), "x-ms-version": "2025-11-05" };
  const canonicalHeaders = Object.entries(headers).map(([name, value]) => `${name}:${value}`);
  // The account stands twice: as the owner, and as the first segment of an emulator's path.
  const resource = `/${account}/${account}/${container}\nrestype:container`;
  const text = ["PUT", ...Array.from({ length: 11 }, () => ""), ...canonicalHeaders, resource].join("\n");
  const signature = createHmac("sha256", Buffer.from(accountKey, "base64")).update(text).digest("base64");
  const response = await fetch(`${origin}/${account}/${container}?restype=container`, {
    method: "PUT",
    headers: { ...headers, authorization: `SharedKey ${account}:${signature}` },
  });
  if (!response.ok) throw new Error(`Azurite refused a container: ${response.status} ${await response.text()}`);
  const connection = {
    DefaultEndpointsProtocol: "http",
    AccountName: account,
    AccountKey: accountKey,
    BlobEndpoint: `${origin}/${account}`,
  };
  return {
    shared: { protocol: "azure", container },
    ours: {},
    secrets: {
      connection_string: Object.entries(connection)
        .map(([name, value]) => `${name}=${value};`)
        .join(""),
    },
  };
}
