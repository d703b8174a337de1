// One large object through the file store, in and out as streams: the rates, and the peak of the process's memory.
//
//   node benchmarks/large-object.ts [--gib 1]
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseKey } from "@mortise/core";
import { openFileStore } from "@mortise/store-file";

const { values } = parseArgs({ options: { gib: { type: "string", default: "1" } } });
const size = Math.round(Number(values.gib) * 1024 ** 3);
const chunkBytes = 1024 * 1024;

/** Chunks that differ, made as they are asked for: nothing of the object is in memory before. */
async function* content(hash: ReturnType<typeof createHash>): AsyncGenerator<Uint8Array, void, undefined> {
  for (let offset = 0, index = 0; offset < size; offset += chunkBytes, index++) {
    const chunk = new Uint8Array(Math.min(chunkBytes, size - offset)).fill(index & 0xff);
    new DataView(chunk.buffer).setUint32(0, index);
    hash.update(chunk);
    yield chunk;
  }
}

const folder = await mkdtemp(join(tmpdir(), "mortise-large-"));
try {
  await using store = await openFileStore({ location: folder });
  const key = parseKey("large/object.bin");

  const written = createHash("sha256");
  let started = performance.now();
  await store.put(key, content(written), { size });
  const inSeconds = (performance.now() - started) / 1000;

  const read = createHash("sha256");
  started = performance.now();
  await using result = await store.get(key);
  for await (const chunk of result.body) read.update(chunk);
  const outSeconds = (performance.now() - started) / 1000;

  const equal = written.digest("hex") === read.digest("hex");
  const mib = size / 1024 ** 2;
  console.log(
    JSON.stringify({
      bytes: size,
      equal,
      in_mib_per_s: Math.round(mib / inSeconds),
      out_mib_per_s: Math.round(mib / outSeconds),
      peak_rss_mib: Math.round(process.resourceUsage().maxRSS / 1024),
    }),
  );
  if (!equal) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
