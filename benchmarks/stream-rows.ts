// A million rows of ten scalar columns read one by one from PostgreSQL or MySQL in a container: rows per second and the
// peak of the reader's memory. The reader is a process of its own, so that the memory of the writer does not count.
//
//   node benchmarks/stream-rows.ts --database postgresql|mysql [--rows 1000000]
import { spawnSync } from "node:child_process";
import { parseArgs } from "node:util";
import { columns, scalarRow } from "./databases/scalar-table.ts";
import { openOn, type ServerSettings, startServer } from "./databases/server.ts";

const option = { type: "string" } as const;
const { values } = parseArgs({ options: { database: option, rows: option, read: option } });
const count = Number(values.rows ?? 1_000_000);

async function write(settings: ServerSettings): Promise<void> {
  await using project = await openOn(settings);
  const schema = project.schema("bench");
  const Sample = schema.manual("Sample", columns);
  await Sample.insert(Iterator.from({ next: nextRow }));
}

let made = 0;
function nextRow(): IteratorResult<ReturnType<typeof scalarRow>, undefined> {
  return made < count ? { done: false, value: scalarRow(made++) } : { done: true, value: undefined };
}

async function read(settings: ServerSettings): Promise<void> {
  await using project = await openOn(settings);
  const Sample = project.schema("bench").manual("Sample", columns);
  let rows = 0;
  let sum = 0;
  const started = performance.now();
  for await (const row of Sample) {
    rows++;
    sum += row.id;
  }
  const seconds = (performance.now() - started) / 1000;
  const equal = rows === count && sum === (count * (count - 1)) / 2;
  const peak_rss_mib = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(
    JSON.stringify({ database: settings.backend, rows, equal, per_s: Math.round(rows / seconds), peak_rss_mib }),
  );
  if (!equal) process.exitCode = 1;
}

if (values.read === undefined) {
  await using running = await startServer(values.database);
  await write(running.server);
  const reader = [import.meta.filename, "--rows", String(count), "--read", JSON.stringify(running.server)];
  const { status } = spawnSync(process.execPath, reader, { stdio: "inherit" });
  process.exitCode = status ?? 1;
} else {
  await read(JSON.parse(values.read) as ServerSettings);
}
