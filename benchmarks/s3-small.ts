// Small objects on a loopback S3 server that counts requests and does little else: this store and a raw loop over
// @aws-sdk/client-s3 in turns in one process, at the same concurrency. The server is a process of its own.
//
//   node benchmarks/s3-small.ts [--objects 10000] [--kib 10] [--rounds 10] [--concurrency 64]
import { randomBytes } from "node:crypto";
import { Agent } from "node:http";
import { parseArgs } from "node:util";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { parseKey } from "@mortise/core";
import { forEachParallel } from "@mortise/store-kit";
import { openS3Store } from "@mortise/store-s3";
import { startServerProcess } from "../integration/s3-server/process.ts";

const { values } = parseArgs({
  options: {
    objects: { type: "string", default: "10000" },
    kib: { type: "string", default: "10" },
    rounds: { type: "string", default: "10" },
    concurrency: { type: "string", default: "64" },
  },
});
const [objects, kib, rounds, concurrency] = [values.objects, values.kib, values.rounds, values.concurrency].map(
  Number,
) as [number, number, number, number];
const perSlice = Math.ceil(objects / rounds);
const bytes = new Uint8Array(randomBytes(kib * 1024));
const credentials = { accessKeyId: "AKIALOOPBACK", secretAccessKey: "loopback-secret" };

/** One client: how it writes and reads an object. */
interface Side {
  put(name: string): Promise<unknown>;
  get(name: string): Promise<number>;
}

await using server = await startServerProcess();

await using store = await openS3Store({ endpoint: server.origin, bucket: "lab", location: "ours", credentials });
const mortise: Side = {
  put: (name) => store.put(parseKey(name), bytes),
  async get(name) {
    return (await (await store.get(parseKey(name))).bytes()).byteLength;
  },
};

const s3 = new S3Client({
  endpoint: server.origin,
  region: "us-east-1",
  forcePathStyle: true,
  credentials,
  // What its documentation advises for servers other than Amazon's; it is also its faster mode.
  requestChecksumCalculation: "WHEN_REQUIRED",
  responseChecksumValidation: "WHEN_REQUIRED",
  requestHandler: { httpAgent: new Agent({ keepAlive: true, maxSockets: concurrency }) },
});
const sdk: Side = {
  put: (name) => s3.send(new PutObjectCommand({ Bucket: "lab", Key: `sdk/${name}`, Body: bytes })),
  async get(name) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "lab", Key: `sdk/${name}` }));
    return (await Body?.transformToByteArray())?.byteLength ?? 0;
  },
};

/** What one client used for all its slices of one operation. */
interface Total {
  objects: number;
  requests: number;
  seconds: number;
  cpuMs: number;
  serverCpuMs: number;
}
const totals: Record<string, Total> = {};

async function slice(label: string, names: readonly string[], work: (name: string) => Promise<unknown>): Promise<void> {
  const before = await server.costs();
  const cpu = process.cpuUsage();
  const started = performance.now();
  await forEachParallel(names, concurrency, async (name) => {
    await work(name);
  });
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const after = await server.costs();
  const sum = (counts: object): number => Object.values(counts).reduce<number>((total, count) => total + count, 0);
  totals[label] ??= { objects: 0, requests: 0, seconds: 0, cpuMs: 0, serverCpuMs: 0 };
  const total = totals[label];
  total.objects += names.length;
  total.requests += sum(after.counts) - sum(before.counts);
  total.seconds += seconds;
  total.cpuMs += (user + system) / 1000;
  total.serverCpuMs += after.cpuMs - before.cpuMs;
}

for (let round = 0; round <= rounds; round++) {
  // Who begins changes with each round, so that a machine that becomes slower favours nobody.
  const order = Object.entries({ mortise, sdk });
  if (round % 2 === 1) order.reverse();
  for (const [side, client] of order) {
    const names = Array.from({ length: perSlice }, (_, index) => `${round}/${index}`);
    // The first round warms up; the probe before the first write of a bucket belongs to it.
    const label = round === 0 ? "warm" : side;
    await slice(`${label} put`, names, (name) => client.put(name));
    await slice(`${label} get`, names, async (name) => {
      if ((await client.get(name)) !== bytes.byteLength) throw new Error(`${side} read another length`);
    });
  }
}
s3.destroy();

const digits = (number: number): number => Number(number.toFixed(3));
const of = (label: string) => {
  const total = totals[label] as Total;
  return {
    per_s: Math.round(total.objects / total.seconds),
    client_cpu_ms: digits(total.cpuMs / total.objects),
    server_cpu_ms: digits(total.serverCpuMs / total.objects),
    requests_per_object: digits(total.requests / total.objects),
  };
};
const compare = (operation: string) => {
  const [ours, theirs] = [of(`mortise ${operation}`), of(`sdk ${operation}`)];
  return {
    mortise: ours,
    sdk: theirs,
    rate_ratio: digits(ours.per_s / theirs.per_s),
    cpu_ratio: digits(theirs.client_cpu_ms / ours.client_cpu_ms),
  };
};
console.log(JSON.stringify({ objects, kib, rounds, concurrency, put: compare("put"), get: compare("get") }));
