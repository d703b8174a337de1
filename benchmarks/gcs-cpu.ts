// Small objects on fake-gcs-server: this store and @google-cloud/storage in turns in one process, and the client's CPU time
// per object. Needs a Docker engine, or a running emulator in GCS_EMULATOR (http://host:port).
//
//   node benchmarks/gcs-cpu.ts [--objects 200] [--kib 10] [--rounds 5] [--concurrency 64]
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { Storage } from "@google-cloud/storage";
import { parseKey } from "@mortise/core";
import { openGcsStore } from "@mortise/store-gcs";
import { forEachParallel } from "@mortise/store-kit";
import { GenericContainer, Wait } from "testcontainers";

const { values } = parseArgs({
  options: {
    objects: { type: "string", default: "200" },
    kib: { type: "string", default: "10" },
    rounds: { type: "string", default: "5" },
    concurrency: { type: "string", default: "64" },
  },
});
const [objects, kib, rounds, concurrency] = [values.objects, values.kib, values.rounds, values.concurrency].map(
  Number,
) as [number, number, number, number];
const bytes = randomBytes(kib * 1024);
const port = 4443;

/** One client: how it writes, reads and removes an object. */
interface Side {
  put(name: string): Promise<unknown>;
  get(name: string): Promise<number>;
  remove(name: string): Promise<unknown>;
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
const sdk: Side = {
  put: (name) => bucket.file(name).save(bytes, { resumable: false }),
  get: async (name) => (await bucket.file(name).download())[0].byteLength,
  remove: (name) => bucket.file(name).delete(),
};

await using store = await openGcsStore({ bucket: bucket.name, endpoint, token: "anon" });
const mortise: Side = {
  put: (name) => store.put(parseKey(name), bytes),
  async get(name) {
    await using result = await store.get(parseKey(name));
    return (await result.bytes()).byteLength;
  },
  remove: (name) => store.delete(parseKey(name)),
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
    // The emulator's writes take longer with every object that is there.
    await forEachParallel(names, concurrency, async (name) => {
      await client.remove(name);
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
