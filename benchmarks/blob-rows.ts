// Rows with a blob each on SQLite and a file store: durable inserts and verified fetches per second, and how long the
// event loop was held up meanwhile. Beside it, in the same run, a raw loop over `node:fs` that only writes and flushes
// the same bytes under their names, and reads them again: what the file system gives at that moment.
//
//   node benchmarks/blob-rows.ts [--rows 10000] [--kib 10]
import { randomFillSync } from "node:crypto";
import { link, mkdir, mkdtemp, open, readFile, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { parseArgs } from "node:util";
import { blobCodec } from "@mortise/codec-blob";
import { sqlite } from "@mortise/db-sqlite";
import { openProject } from "@mortise/schema";
import { fileStore } from "@mortise/store-file";

const { values } = parseArgs({
  options: { rows: { type: "string", default: "10000" }, kib: { type: "string", default: "10" } },
});
const rows = Number(values.rows);
const bytes = Number(values.kib) * 1024;

interface Measured {
  readonly per_s: number;
  readonly event_loop_p99_ms: number;
  readonly event_loop_max_ms: number;
}

async function measure(work: () => Promise<void>): Promise<Measured> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  delay.disable();
  return {
    per_s: Math.round(rows / seconds),
    event_loop_p99_ms: Number((delay.percentile(99) / 1e6).toFixed(1)),
    event_loop_max_ms: Number((delay.max / 1e6).toFixed(1)),
  };
}

/** As many at once as the store has. */
const concurrency = 64;

async function forEachRow(work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < rows) await work(next++);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/** What a careful program does without Mortise: write aside, flush, give the name. */
async function rawWrite(place: string, index: number, content: Uint8Array): Promise<void> {
  const aside = join(place, `aside-${index}`);
  {
    await using file = await open(aside, "wx");
    await file.writeFile(content);
    await file.sync();
  }
  await link(aside, join(place, String(index)));
  await unlink(aside);
}

const folder = await mkdtemp(join(tmpdir(), "mortise-rows-"));
try {
  const location = join(folder, "store");
  await mkdir(location);
  await writeFile(
    join(folder, "datajoint.json"),
    JSON.stringify({ stores: { default: "main", main: { protocol: "file", location } } }),
  );
  await using project = await openProject({ directory: folder, plugins: [fileStore, sqlite, blobCodec] });
  const bench = project.schema("bench");
  const Trial = bench.manual(
    "Trial",
    `
    trial_id : int32
    ---
    samples  : <blob@>
    `,
  );
  await bench.declare();
  const data = Array.from({ length: rows }, (_, trial_id) => ({
    trial_id,
    samples: randomFillSync(new Uint8Array(bytes)),
  }));

  const insert = await measure(async () => {
    await Trial.insert(data.values());
  });
  let equal = 0;
  const fetch = await measure(async () => {
    for await (const row of Trial) {
      const expected = data[row.trial_id]?.samples;
      if (expected !== undefined && Buffer.compare(expected, row.samples as Uint8Array) === 0) equal++;
    }
  });
  const place = join(folder, "raw");
  await mkdir(place);
  const rawInsert = await measure(() =>
    forEachRow((index) => rawWrite(place, index, data[index]?.samples ?? new Uint8Array())),
  );
  const rawFetch = await measure(() =>
    forEachRow(async (index) => {
      await readFile(join(place, String(index)));
    }),
  );
  const raw = { insert_per_s: rawInsert.per_s, fetch_per_s: rawFetch.per_s };
  const rss = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ rows, bytes_per_row: bytes, insert, fetch, raw, equal, peak_rss_mib: rss }));
  if (equal !== rows) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
