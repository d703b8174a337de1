// Small objects on Azurite: this store and @azure/storage-blob in turns in one process, and the client's CPU time per object.
// Needs a Docker engine.
//
//   node benchmarks/azure-cpu.ts [--objects 2000] [--kib 10] [--rounds 5] [--concurrency 64]
import { randomBytes } from "node:crypto";
import { ContainerClient, newPipeline, StorageSharedKeyCredential } from "@azure/storage-blob";
import { parseKey } from "@mortise/core";
import { openAzureStore } from "@mortise/store-azure";
import { GenericContainer, Wait } from "testcontainers";
import { type Client, compareClients, readLoad } from "./two-clients.ts";

const load = readLoad(2000);
const bytes = new Uint8Array(randomBytes(load.kib * 1024));
const port = 10_000;

// The account that Azurite always has, published in its documentation.
const accountName = "devstoreaccount1";
const accountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

// The container is stopped at the end; without the reaper no second image is needed.
process.env["TESTCONTAINERS_RYUK_DISABLED"] ??= "true";
// The SDK's requests name a newer version of the service than this Azurite knows.
await using azurite = await new GenericContainer("mcr.microsoft.com/azure-storage/azurite:3.37.0")
  .withCommand([
    "azurite-blob",
    "--skipApiVersionCheck",
    "--disableTelemetry",
    "--inMemoryPersistence",
    "--blobHost",
    "0.0.0.0",
  ])
  .withExposedPorts(port)
  .withWaitStrategy(Wait.forHttp("/", port).forStatusCodeMatching(() => true))
  .start();
// A name would be ambiguous between IPv4 and IPv6.
const host = azurite.getHost() === "localhost" ? "127.0.0.1" : azurite.getHost();
const endpoint = `http://${host}:${azurite.getMappedPort(port)}`;

const credential = new StorageSharedKeyCredential(accountName, accountKey);
const url = `${endpoint}/${accountName}/bench`;
// With the SDK's retries: the container's port answers a little before the server behind it does.
await new ContainerClient(url, credential).create();
const container = new ContainerClient(url, newPipeline(credential, { retryOptions: { maxTries: 1 } }));
const sdk: Client = {
  async put(name) {
    await container.getBlockBlobClient(name).upload(bytes, bytes.byteLength);
  },
  async get(name) {
    const { readableStreamBody } = await container.getBlobClient(name).download();
    let length = 0;
    for await (const chunk of readableStreamBody ?? []) length += chunk.length;
    return length;
  },
};

await using store = await openAzureStore({
  container: "bench",
  endpoint,
  auth: { sharedKey: { accountName, accountKey } },
});
const mortise: Client = {
  async put(name) {
    await store.put(parseKey(name), bytes);
  },
  async get(name) {
    await using result = await store.get(parseKey(name));
    return (await result.bytes()).byteLength;
  },
};

await compareClients({ mortise, sdk }, load);
