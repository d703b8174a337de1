// Two clients of one server in turns in one process: the CPU time that each takes per object.
import { parseArgs } from "node:util";
import { forEachParallel } from "@mortise/store-kit";

/** One client: how it writes and reads an object. */
export interface Client {
  put(name: string): Promise<unknown>;
  /** The bytes read. */
  get(name: string): Promise<number>;
  /** Where a server becomes slower with every object that is there. */
  remove?(name: string): Promise<unknown>;
}

/** How much is measured. */
export interface Load {
  readonly objects: number;
  readonly kib: number;
  readonly rounds: number;
  readonly concurrency: number;
}

/** `--objects`, `--kib`, `--rounds` and `--concurrency`. */
export function readLoad(objects: number): Load {
  const option = { type: "string" } as const;
  const { values } = parseArgs({ options: { objects: option, kib: option, rounds: option, concurrency: option } });
  const { kib = 10, rounds = 5, concurrency = 64 } = values;
  return {
    objects: Number(values.objects ?? objects),
    kib: Number(kib),
    rounds: Number(rounds),
    concurrency: Number(concurrency),
  };
}

/** Prints one line of JSON: medians of the rounds after the first, which warms up. */
export async function compareClients(clients: Readonly<Record<"mortise" | "sdk", Client>>, load: Load): Promise<void> {
  const { objects, kib, rounds, concurrency } = load;
  const found: Record<string, number[]> = {};
  const note = (name: string, number: number): void => void (found[name] ??= []).push(number);

  for (let round = 0; round <= rounds; round++) {
    // Who begins changes with each round, so that a machine that becomes slower favours nobody.
    const order = Object.entries(clients);
    if (round % 2 === 1) order.reverse();
    for (const [side, client] of order) {
      const names = Array.from({ length: objects }, (_, index) => `${side}/${round}/${index}`);
      const written = await measure(names, concurrency, (name) => client.put(name));
      const read = await measure(names, concurrency, async (name) => {
        if ((await client.get(name)) !== kib * 1024) throw new Error(`${side} read another length`);
      });
      await forEachParallel(names, concurrency, async (name) => void (await client.remove?.(name)));
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
  console.log(JSON.stringify({ ...load, put: summary("put"), get: summary("get") }));
}

/** Milliseconds of this process's CPU per object, user and system, and objects per second. */
async function measure(names: readonly string[], concurrency: number, work: (name: string) => Promise<unknown>) {
  const started = performance.now();
  const before = process.cpuUsage();
  await forEachParallel(names, concurrency, async (name) => void (await work(name)));
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000 / names.length, rate: names.length / ((performance.now() - started) / 1000) };
}

const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
const digits = (number: number): number => Number(number.toFixed(3));
