// Small objects on fake-gcs-server: this store and @google-cloud/storage in turns in one process, and the client's CPU time
// per object. Needs a Docker engine, or a running emulator in GCS_EMULATOR (http://host:port).
//
//   node benchmarks/gcs-cpu.ts [--objects 200] [--kib 10] [--rounds 5] [--concurrency 64]
import { randomBytes } from "node:crypto";
import { Storage } from "@google-cloud/storage";
import { parseKey } from "@mortise/core";
import { openGcsStore } from "@mortise/store-gcs";
import { GenericContainer, Wait } from "testcontainers";
import { type Client, compareClients, readLoad } from "./two-clients.ts";

const load = readLoad(200);
const bytes = randomBytes(load.kib * 1024);
const port = 4443;

async function startEmulator(): Promise<AsyncDisposable & { readonly endpoint: string }> {
  const running = process.env["GCS_EMULATOR"];
  if (running !== undefined) return { endpoint: running, [Symbol.asyncDispose]: async () => {} };
  // The container is stopped at the end; without the reaper no second image is needed.
  process.env["TESTCONTAINERS_RYUK_DISABLED"] ??= "true";
  const container = await new GenericContainer("fsouza/fake-gcs-server:1.56.1")
    .withCommand(["-scheme", "http", "-backend", "memory", "-public-host", "127.0.0.1"])
    .withExposedPorts(port)
    .withWaitStrategy(Wait.forHttp("/_internal/healthcheck", port))
    .start();
  // A name would be ambiguous between IPv4 and IPv6.
  const host = container.getHost() === "localhost" ? "127.0.0.1" : container.getHost();
  return {
    endpoint: `http://${host}:${container.getMappedPort(port)}`,
    async [Symbol.asyncDispose]() {
      await container.stop();
    },
  };
}

// It would redirect the SDK's requests to paths that the emulator does not have.
delete process.env["STORAGE_EMULATOR_HOST"];
await using emulator = await startEmulator();
const { endpoint } = emulator;
const storage = new Storage({ apiEndpoint: endpoint, projectId: "bench", retryOptions: { autoRetry: false } });
const [bucket] = await storage.createBucket(`bench-${Date.now()}`);
const sdk: Client = {
  put: (name) => bucket.file(name).save(bytes, { resumable: false }),
  get: async (name) => (await bucket.file(name).download())[0].byteLength,
  remove: (name) => bucket.file(name).delete(),
};

await using store = await openGcsStore({ bucket: bucket.name, endpoint, token: "anon" });
const mortise: Client = {
  put: (name) => store.put(parseKey(name), bytes),
  async get(name) {
    await using result = await store.get(parseKey(name));
    return (await result.bytes()).byteLength;
  },
  remove: (name) => store.delete(parseKey(name)),
};

await compareClients({ mortise, sdk }, load);
