// Rows of ten scalar columns on PostgreSQL or MySQL, in a container: inserting and fetching all of them through Mortise,
// and through the vendor's driver with the best statement it has, in turns in one process.
//
//   node benchmarks/scalar-rows.ts --database postgresql|mysql [--rows 100000] [--rounds 5]
import { isDeepStrictEqual, parseArgs } from "node:util";
import { rawClients } from "./databases/raw-client.ts";
import { columns, scalarRow } from "./databases/scalar-table.ts";
import { openOn, startServer } from "./databases/server.ts";

const option = { type: "string" } as const;
const { values } = parseArgs({ options: { database: option, rows: option, rounds: option } });
const count = Number(values.rows ?? 100_000);
const rounds = Number(values.rounds ?? 5);

await using running = await startServer(values.database);
const { server } = running;
await using project = await openOn(server);
const schema = project.schema("bench");
const Sample = schema.manual("Sample", columns);
await schema.declare();

const rows = Array.from({ length: count }, (_, index) => scalarRow(index));
const found: Record<string, number[]> = {};
async function measure(what: string, work: () => Promise<unknown>): Promise<void> {
  const started = performance.now();
  await work();
  (found[what] ??= []).push(performance.now() - started);
}

function requireAll(fetched: readonly unknown[]): void {
  if (fetched.length !== count) throw new Error(`${fetched.length} rows were fetched, ${count} inserted`);
}

await using raw = await rawClients[server.backend](server);
const sides: readonly (() => Promise<void>)[] = [
  async () => {
    await measure("mortise insert", () => Sample.insert(rows));
    await measure("mortise fetch", async () => requireAll(await Sample.fetch()));
    const last = await Sample.get({ id: count - 1 });
    if (!isDeepStrictEqual(last, scalarRow(count - 1))) throw new Error("another row came back");
    await raw.clear();
  },
  ...Object.entries(raw.inserts).map(([name, insert]) => async () => {
    await measure(`raw insert, ${name}`, () => insert(rows));
    await measure("raw fetch", async () => requireAll(await raw.fetch()));
    await raw.clear();
  }),
];
for (let round = 0; round <= rounds; round++) {
  // Who begins changes with each round, so that a server that becomes slower favours nobody.
  for (const side of round % 2 === 0 ? sides : sides.toReversed()) await side();
  // The first round warms up.
  if (round === 0) for (const name of Object.keys(found)) found[name] = [];
}

const median = (name: string): number => found[name]?.toSorted((a, b) => a - b)[rounds >> 1] ?? Number.NaN;
const best = Math.min(...Object.keys(raw.inserts).map((name) => median(`raw insert, ${name}`)));
const milliseconds = Object.fromEntries(Object.keys(found).map((name) => [name, Math.round(median(name))]));
console.log(
  JSON.stringify({
    database: server.backend,
    rows: count,
    rounds,
    milliseconds,
    insert_ratio: Number((median("mortise insert") / best).toFixed(2)),
    fetch_ratio: Number((median("mortise fetch") / median("raw fetch")).toFixed(2)),
  }),
);
