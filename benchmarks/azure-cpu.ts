// Small objects on Azurite: this store and @azure/storage-blob in turns in one process, and the client's CPU time per object.
// Needs a Docker engine.
//
//   node benchmarks/azure-cpu.ts [--objects 2000] [--kib 10] [--rounds 5] [--concurrency 64]
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { ContainerClient, newPipeline, StorageSharedKeyCredential } from "@azure/storage-blob";
import { parseKey } from "@mortise/core";
import { openAzureStore } from "@mortise/store-azure";
import { forEachParallel } from "@mortise/store-kit";
import { GenericContainer, Wait } from "testcontainers";

const { values } = parseArgs({
  options: {
    objects: { type: "string", default: "2000" },
    kib: { type: "string", default: "10" },
    rounds: { type: "string", default: "5" },
    concurrency: { type: "string", default: "64" },
  },
});
const [objects, kib, rounds, concurrency] = [values.objects, values.kib, values.rounds, values.concurrency].map(
  Number,
) as [number, number, number, number];
const bytes = new Uint8Array(randomBytes(kib * 1024));
const port = 10_000;

// The account that Azurite always has, published in its documentation.
const accountName = "devstoreaccount1";
const accountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/** One client: how it writes and reads an object. */
interface Side {
  put(name: string): Promise<void>;
  get(name: string): Promise<number>;
}

/** Milliseconds of this process's CPU, user and system, and objects per second. */
async function measure(names: readonly string[], work: (name: string) => Promise<unknown>) {
  const started = performance.now();
  const before = process.cpuUsage();
  await forEachParallel(names, concurrency, async (name) => {
    await work(name);
  });
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000 / names.length, rate: names.length / ((performance.now() - started) / 1000) };
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
const digits = (number: number): number => Number(number.toFixed(3));

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

const pipeline = newPipeline(new StorageSharedKeyCredential(accountName, accountKey), {
  retryOptions: { maxTries: 1 },
});
const container = new ContainerClient(`${endpoint}/${accountName}/bench`, pipeline);
await container.create();
const sdk: Side = {
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
const mortise: Side = {
  async put(name) {
    await store.put(parseKey(name), bytes);
  },
  async get(name) {
    await using result = await store.get(parseKey(name));
    return (await result.bytes()).byteLength;
  },
};

const sides = { mortise, sdk };
const found: Record<string, number[]> = {};
const note = (name: string, number: number): void => void (found[name] ??= []).push(number);

for (let round = 0; round <= rounds; round++) {
  // Who begins changes with each round, so that a machine that becomes slower favours nobody.
  const order = Object.entries(sides);
  if (round % 2 === 1) order.reverse();
  for (const [side, client] of order) {
    const names = Array.from({ length: objects }, (_, index) => `${side}/${round}/${index}`);
    const written = await measure(names, (name) => client.put(name));
    const read = await measure(names, async (name) => {
      if ((await client.get(name)) !== bytes.byteLength) throw new Error(`${side} read another length`);
    });
    // The first round warms up.
    if (round === 0) continue;
    note(`${side} put cpu`, written.cpu);
    note(`${side} put rate`, written.rate);
    note(`${side} get cpu`, read.cpu);
    note(`${side} get rate`, read.rate);
  }
}

const of = (name: string): number => median(found[name] ?? []);
const summary = (operation: "put" | "get") => ({
  mortise_cpu_ms: digits(of(`mortise ${operation} cpu`)),
  sdk_cpu_ms: digits(of(`sdk ${operation} cpu`)),
  cpu_ratio: digits(of(`mortise ${operation} cpu`) / of(`sdk ${operation} cpu`)),
  mortise_per_s: Math.round(of(`mortise ${operation} rate`)),
  sdk_per_s: Math.round(of(`sdk ${operation} rate`)),
});
console.log(JSON.stringify({ objects, kib, rounds, concurrency, put: summary("put"), get: summary("get") }));
