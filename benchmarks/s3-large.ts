// One large object on MinIO, up and down as streams: this store and a raw loop over @aws-sdk/client-s3 (parts of 8 MiB,
// four at once), each in a process of its own, for the peak of its memory. Starts MinIO (needs a Docker engine), unless
// MORTISE_S3_ENDPOINT, MORTISE_S3_ACCESS_KEY, MORTISE_S3_SECRET_KEY and MORTISE_S3_BUCKET name a server.
//
//   node benchmarks/s3-large.ts [--gib 2]
import { execFileSync } from "node:child_process";
import { createHash, type Hash } from "node:crypto";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { S3Client } from "@aws-sdk/client-s3";
import { parseKey } from "@mortise/core";
import { forEachParallel } from "@mortise/store-kit";
import { openS3Store } from "@mortise/store-s3";

const { values } = parseArgs({ options: { gib: { type: "string", default: "2" }, side: { type: "string" } } });
const size = Math.round(Number(values.gib) * 1024 ** 3);
const chunkBytes = 1024 ** 2;
const partBytes = 8 * chunkBytes;

interface Server {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly bucket: string;
}

const { env } = process;
const named: Server = {
  endpoint: env["MORTISE_S3_ENDPOINT"] ?? "",
  accessKeyId: env["MORTISE_S3_ACCESS_KEY"] ?? "",
  secretAccessKey: env["MORTISE_S3_SECRET_KEY"] ?? "",
  bucket: env["MORTISE_S3_BUCKET"] ?? "",
};

/** What one side did; in MiB and seconds. */
interface Result {
  readonly equal: boolean;
  readonly up_mib_per_s: number;
  readonly down_mib_per_s: number;
  /** Until the end of the upload, and of all. */
  readonly up_peak_rss_mib: number;
  readonly peak_rss_mib: number;
}

/** Chunks that differ, made as they are asked for in one buffer: the memory that is measured is the client's. */
function* content(bytes: number, hash: Hash): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  const buffer = new Uint8Array(chunkBytes);
  for (let offset = 0, index = 0; offset < bytes; offset += chunkBytes, index++) {
    const chunk = buffer.subarray(0, Math.min(chunkBytes, bytes - offset)).fill(index & 0xff);
    new DataView(buffer.buffer).setUint32(0, index);
    hash.update(chunk);
    yield chunk;
  }
}

/** As files and sockets give their bytes. */
async function* oneByOne(chunks: Iterable<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield* chunks;
}

interface Side {
  up(chunks: Iterable<Uint8Array<ArrayBuffer>>): Promise<unknown>;
  down(): Promise<AsyncIterable<Uint8Array>>;
  remove(): Promise<unknown>;
}

// Loaded where it is used, so that the memory of one side is not what the other side needs.
const aws = async () => await import("@aws-sdk/client-s3");

const clientOf = async ({ endpoint, accessKeyId, secretAccessKey }: Server): Promise<S3Client> =>
  new (await aws()).S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });

async function mortise({ endpoint, bucket, ...credentials }: Server): Promise<Side> {
  const store = await openS3Store({ endpoint, bucket, credentials });
  const key = parseKey("large/mortise.bin");
  return {
    up: (chunks) => store.put(key, oneByOne(chunks), { size }),
    down: async () => (await store.get(key)).body,
    remove: () => store.delete(key),
  };
}

async function sdk(server: Server): Promise<Side> {
  const client = await clientOf(server);
  const commands = await aws();
  const target = { Bucket: server.bucket, Key: "large/sdk.bin" };
  function* parts(chunks: Iterable<Uint8Array<ArrayBuffer>>): Generator<{ number: number; body: Buffer }> {
    let number = 1;
    let part = Buffer.alloc(partBytes);
    let filled = 0;
    for (const chunk of chunks) {
      part.set(chunk, filled);
      filled += chunk.byteLength;
      if (filled < partBytes) continue;
      yield { number: number++, body: part };
      part = Buffer.alloc(partBytes);
      filled = 0;
    }
    if (filled > 0) yield { number, body: part.subarray(0, filled) };
  }
  return {
    async up(chunks) {
      const { UploadId } = await client.send(new commands.CreateMultipartUploadCommand(target));
      const done: { PartNumber: number; ETag: string | undefined }[] = [];
      await forEachParallel(parts(chunks), 4, async ({ number, body }) => {
        const part = { ...target, UploadId, PartNumber: number, Body: body };
        done.push({ PartNumber: number, ETag: (await client.send(new commands.UploadPartCommand(part))).ETag });
      });
      const Parts = done.sort((a, b) => a.PartNumber - b.PartNumber);
      await client.send(
        new commands.CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }),
      );
    },
    down: async () =>
      (await client.send(new commands.GetObjectCommand(target))).Body as unknown as AsyncIterable<Uint8Array>,
    remove: () => client.send(new commands.DeleteObjectCommand(target)),
  };
}

async function measure(side: Side): Promise<Result> {
  const mib = size / 1024 ** 2;
  const written = createHash("sha256");
  let started = performance.now();
  await side.up(content(size, written));
  const up = (performance.now() - started) / 1000;
  const up_peak_rss_mib = Math.round(process.resourceUsage().maxRSS / 1024);
  const read = createHash("sha256");
  started = performance.now();
  for await (const chunk of await side.down()) read.update(chunk);
  const down = (performance.now() - started) / 1000;
  const equal = written.digest("hex") === read.digest("hex");
  const peak_rss_mib = Math.round(process.resourceUsage().maxRSS / 1024);
  await side.remove();
  return {
    equal,
    up_mib_per_s: Math.round(mib / up),
    down_mib_per_s: Math.round(mib / down),
    up_peak_rss_mib,
    peak_rss_mib,
  };
}

/** This script as users run such code, as JavaScript: stripping the types of each source costs 40 MiB of its own. */
async function bundle(folder: string): Promise<string> {
  const { build } = await import("esbuild");
  await build({
    entryPoints: [import.meta.filename],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node24",
    external: ["testcontainers", "esbuild"],
    // Some of what the SDK depends on is CommonJS.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return join(folder, "s3-large.mjs");
}

/** The same script again, for one side. */
function measureApart(script: string, side: string, server: Server): Result {
  const output = execFileSync(process.execPath, [script, "--gib", values.gib, "--side", side], {
    env: {
      ...env,
      MORTISE_S3_ENDPOINT: server.endpoint,
      MORTISE_S3_ACCESS_KEY: server.accessKeyId,
      MORTISE_S3_SECRET_KEY: server.secretAccessKey,
      MORTISE_S3_BUCKET: server.bucket,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(output.toString()) as Result;
}

async function compare(server: Server): Promise<void> {
  await using folder = await mkdtempDisposable(join(tmpdir(), "mortise-bench-"));
  const script = await bundle(folder.path);
  const [ours, theirs] = [measureApart(script, "mortise", server), measureApart(script, "sdk", server)];
  const ratio = (a: number, b: number): number => Number((a / b).toFixed(2));
  const up_ratio = ratio(ours.up_mib_per_s, theirs.up_mib_per_s);
  const down_ratio = ratio(ours.down_mib_per_s, theirs.down_mib_per_s);
  console.log(JSON.stringify({ bytes: size, mortise: ours, sdk: theirs, up_ratio, down_ratio }));
  if (!ours.equal || !theirs.equal) process.exitCode = 1;
}

if (values.side !== undefined) {
  const side = values.side === "sdk" ? await sdk(named) : await mortise(named);
  console.log(JSON.stringify(await measure(side)));
  process.exit();
} else if (named.endpoint !== "") {
  await compare(named);
} else {
  const { GenericContainer, Wait } = await import("testcontainers");
  // The container is stopped at the end; without the reaper no second image is needed.
  env["TESTCONTAINERS_RYUK_DISABLED"] ??= "true";
  const [accessKeyId, secretAccessKey] = ["mortise", "mortise-secret"];
  await using minio = await new GenericContainer("minio/minio:latest")
    .withCommand(["server", "/data"])
    .withEnvironment({ MINIO_ROOT_USER: accessKeyId, MINIO_ROOT_PASSWORD: secretAccessKey })
    .withExposedPorts(9000)
    .withWaitStrategy(Wait.forHttp("/minio/health/ready", 9000))
    .start();
  const host = minio.getHost() === "localhost" ? "127.0.0.1" : minio.getHost();
  const server = {
    endpoint: `http://${host}:${minio.getMappedPort(9000)}`,
    accessKeyId,
    secretAccessKey,
    bucket: "bench",
  };
  const client = await clientOf(server);
  await client.send(new (await aws()).CreateBucketCommand({ Bucket: server.bucket }));
  client.destroy();
  await compare(server);
}
