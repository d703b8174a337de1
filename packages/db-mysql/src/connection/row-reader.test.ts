import { EventEmitter } from "node:events";
import { setImmediate } from "node:timers/promises";
import type { DatabaseRow } from "@mortise/sql";
import { describe, expect, it } from "vitest";
import { RowReader } from "./row-reader.ts";

/** A command whose rows come one at a time for as long as nobody pauses the flow, as from a socket. */
class Source extends EventEmitter {
  paused = false;
  sent = 0;
  readonly #count: number;
  readonly #failure: Error | undefined;

  constructor(count: number, failure?: Error) {
    super();
    this.#count = count;
    this.#failure = failure;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  async run(): Promise<void> {
    this.emit("fields", []);
    while (this.sent < this.#count) {
      while (this.paused) await setImmediate();
      this.emit("result", { n: this.sent++ });
      if (this.sent % 7 === 0) await setImmediate();
    }
    if (this.#failure !== undefined) this.emit("error", this.#failure);
    this.emit("end");
  }
}

function read(source: Source, batch: number): RowReader {
  return new RowReader(source, source, { batch });
}

async function all(reader: RowReader): Promise<readonly (readonly DatabaseRow[])[]> {
  const batches: (readonly DatabaseRow[])[] = [];
  for await (const rows of reader.batches()) batches.push(rows);
  return batches;
}

describe("a read in batches", () => {
  it("delivers all rows in order, the last batch shorter", async () => {
    const source = new Source(25);
    const reader = read(source, 10);
    void source.run();
    const batches = await all(reader);
    expect(batches.map((rows) => rows.length)).toEqual([10, 10, 5]);
    expect(batches.flat().map((row) => row["n"])).toEqual(Array.from({ length: 25 }, (_, n) => n));
  });

  it("pauses the source while its reader is busy, two batches ahead", async () => {
    const source = new Source(1000);
    const reader = read(source, 10);
    void source.run();
    let most = 0;
    let seen = 0;
    for await (const rows of reader.batches()) {
      for (let turn = 0; turn < 20; turn += 1) await setImmediate();
      seen += rows.length;
      most = Math.max(most, source.sent - seen);
    }
    expect(seen).toBe(1000);
    expect(most).toBeLessThanOrEqual(30);
  });

  it("ends with the server's error after the rows that came before it", async () => {
    const source = new Source(12, new Error("interrupted"));
    const reader = read(source, 10);
    void source.run();
    const seen: number[] = [];
    const reading = (async () => {
      for await (const rows of reader.batches()) seen.push(rows.length);
    })();
    await expect(reading).rejects.toThrow("interrupted");
    expect(seen).toEqual([10]);
  });

  it("leaves the connection usable when the rest is short, and says so when it is not", async () => {
    const short = new Source(50);
    const left = read(short, 10);
    void short.run();
    for await (const _ of left.batches()) break;
    expect(await left.drained(10_000)).toBe(true);
    const silent = new Source(0);
    const waiting = read(silent, 10);
    expect(await waiting.drained(1)).toBe(false);
  });

  it("delivers no row for a statement that has none", async () => {
    const source = new Source(0);
    const reader = read(source, 10);
    source.emit("fields", undefined);
    source.emit("result", { fieldCount: 0, affectedRows: 1 });
    source.emit("end");
    expect(await all(reader)).toEqual([]);
  });
});
