import { describe, expect, it } from "vitest";
import { bytes, keysOf, openProtocolLab, patient } from "../objects/testing.ts";
import { openTestProject } from "../project/testing.ts";
import { chunksOf, roughSize } from "./chunks.ts";
import { pipeline } from "./pipeline.ts";
import { rowsCommittedBefore } from "./summary.ts";

async function* numbers(count: number, broken = Number.POSITIVE_INFINITY): AsyncGenerator<{ id: number }> {
  for (let id = 0; id < count; id += 1) {
    if (id === broken) throw new Error(`no row ${id}`);
    yield { id };
  }
}

const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  await promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("inserting an iterable", () => {
  it("commits batch by batch and says how many rows are in when it fails", async () => {
    await using test = await openTestProject();
    const T = test.project.schema("lab").manual("T", "id : int32");
    const error = await failure(T.insert(numbers(10, 7), { batch: 3 }));
    expect(error).toMatchObject({ message: "no row 7" });
    expect(rowsCommittedBefore(error)).toBe(6);
    expect(await T.count()).toBe(6);
    expect(rowsCommittedBefore(new Error("other"))).toBe(0);
  });

  it("uploads nothing for a key of the batch before, which is not committed yet", async () => {
    await using lab = await openProtocolLab();
    const T = lab.test.project.schema("lab").manual("T", "id : int32\n---\nraw : <object@>");
    const rows = function* () {
      for (let n = 0; n < 30; n += 1) yield { id: n % 10, raw: bytes(`${n}`) };
    };
    const summary = await T.insert(rows(), { batch: 7, skipDuplicates: true });
    expect(summary).toMatchObject({ inserted: 10, skipped: 20, uploaded: 10 });
    expect(await keysOf(lab.store)).toHaveLength(10);
  });

  it("is one transaction with atomic", async () => {
    await using test = await openTestProject();
    const T = test.project.schema("lab").manual("T", "id : int32");
    await expect(T.insert(numbers(10, 7), { batch: 3, atomic: true })).rejects.toThrow("no row 7");
    expect(await T.count()).toBe(0);
    expect(await T.insert(numbers(10), { batch: 3, atomic: true })).toMatchObject({ inserted: 10 });
  });

  it("refuses an invalid row by its position among all rows", async () => {
    await using test = await openTestProject();
    const T = test.project.schema("lab").manual("T", "id : int8");
    const error = await failure(T.insert(numbers(200), { batch: 50 }));
    expect(error).toMatchObject({ code: "out-of-range", site: { row: 128 } });
    expect(rowsCommittedBefore(error)).toBe(100);
  });

  it("ends a source that it does not read to its end", async () => {
    await using test = await openTestProject();
    const T = test.project.schema("lab").manual("T", "id : int8");
    let closed = false;
    const source = async function* () {
      try {
        for (let id = 0; ; id += 1) yield { id };
      } finally {
        closed = true;
      }
    };
    await expect(T.insert(source(), { batch: 50 })).rejects.toMatchObject({ code: "out-of-range" });
    expect(closed).toBe(true);
  });

  it("skips duplicates within and between batches, and leaves no objects of them", async () => {
    await using lab = await openProtocolLab();
    const T = lab.test.project.schema("lab").manual("T", "id : int32\n---\nraw : <object@>");
    const rows = [1, 1, 2, 3, 2, 3, 4].map((id) => ({ id, raw: bytes(`${id}`) }));
    const summary = await T.insert(new Set(rows), { batch: 2, skipDuplicates: true });
    expect(summary).toMatchObject({ inserted: 4, skipped: 3 });
    expect(await keysOf(lab.store)).toHaveLength(4);
  });

  it("registers the next batch while this one uploads", async () => {
    await using lab = await openProtocolLab();
    const T = lab.test.project.schema("lab").manual("T", "id : int32\n---\nraw : <object@>");
    await T.insertOne({ id: -1, raw: bytes("prepares the ledger") });
    let seen = 0;
    lab.beforePut = async (key) => {
      if (key.includes("id=0/")) await expect.poll(async () => (seen = (await lab.intents()).length), patient).toBe(4);
    };
    const rows = function* () {
      for (let id = 0; id < 4; id += 1) yield { id, raw: bytes(`${id}`) };
    };
    expect(await T.insert(rows(), { batch: 2 })).toMatchObject({ inserted: 4 });
    expect(seen).toBe(4);
    expect(await lab.intents()).toEqual([]);
  });

  it("gives up the intents of a batch that was prepared when the one before failed", async () => {
    await using lab = await openProtocolLab();
    const T = lab.test.project.schema("lab").manual("T", "id : int32\n---\nraw : <object@>");
    lab.beforePut = async (key) => {
      if (key.includes("id=3/")) throw new Error("the store is down");
    };
    const rows = function* () {
      for (let id = 0; id < 8; id += 1) yield { id, raw: bytes(`${id}`) };
    };
    const error = await failure(T.insert(rows(), { batch: 2 }));
    expect(rowsCommittedBefore(error)).toBe(2);
    expect(await keysOf(lab.store)).toHaveLength(2);
    expect(await lab.intents()).toEqual([]);
  });

  it("reports the bytes that were sent", async () => {
    await using lab = await openProtocolLab();
    const T = lab.test.project.schema("lab").manual("T", "id : int32\n---\nraw : <object@>\ndata : <hash@>");
    const seen: number[] = [];
    const rows = [1, 2, 3].map((id) => ({ id, raw: bytes("12345"), data: bytes(`d${id}`) }));
    const summary = await T.insert(rows, { onProgress: (progress) => seen.push(progress.bytes) });
    expect(summary).toMatchObject({ uploaded: 6, bytes: 21 });
    expect(seen.at(-1)).toBe(21);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  it.each(["before", "while an object is sent", "between two batches"])(
    "rejects with the reason of a signal that is aborted %s",
    async (when) => {
      await using lab = await openProtocolLab();
      const T = lab.test.project.schema("lab").manual("T", "id : int32\n---\nraw : <object@>");
      const abort = new AbortController();
      const reason = new Error("enough");
      const stop = () => abort.abort(reason);
      if (when === "before") stop();
      const chunk = bytes("x");
      const raw = new ReadableStream({
        pull(controller) {
          if (when.startsWith("while")) stop();
          controller.enqueue(chunk);
        },
      });
      const rows = function* () {
        yield { id: 1, raw: bytes("x") };
        if (when.startsWith("between")) stop();
        yield { id: 2, raw };
      };
      const inserting = T.insert(rows(), { batch: 1, signal: abort.signal });
      await expect(inserting).rejects.toBe(reason);
      expect(rowsCommittedBefore(reason)).toBe(await T.count());
      expect(await keysOf(lab.store)).toHaveLength(await T.count());
    },
  );

  it("stops at its signal, with nothing of the batch left", async () => {
    await using lab = await openProtocolLab();
    const T = lab.test.project.schema("lab").manual("T", "id : int32\n---\nraw : <object@>");
    const abort = new AbortController();
    lab.afterPut = async () => abort.abort(new Error("enough"));
    const rows = [1, 2].map((id) => ({ id, raw: bytes("x") }));
    await expect(T.insert(rows, { signal: abort.signal })).rejects.toThrow();
    expect(await T.count()).toBe(0);
    expect(await keysOf(lab.store)).toEqual([]);
  });

  it.each([0, -1, 1.5])("refuses a batch of %d rows", async (batch) => {
    await using test = await openTestProject();
    const T = test.project.schema("lab").manual("T", "id : int32");
    await expect(T.insert([{ id: 1 }], { batch })).rejects.toMatchObject({ code: "invalid-query" });
  });
});

describe("cutting rows", () => {
  it("happens at a number of rows or of bytes, whichever comes first", async () => {
    const rows = [1, 1, 9, 1, 1, 1, 1].map((size) => ({ data: new Uint8Array(size) }));
    const chunks = await Array.fromAsync(chunksOf(rows, { rows: 3, bytes: 10 }));
    expect(chunks.map(({ start, rows: { length } }) => [start, length])).toEqual([
      [0, 3],
      [3, 3],
      [6, 1],
    ]);
  });

  it("sees buffers one level down", () => {
    expect(roughSize({ a: { data: new Float64Array(1000), shape: [1000] } })).toBeGreaterThanOrEqual(8000);
    expect(roughSize({ a: "text", b: 1, c: null })).toBeLessThan(50);
    expect(roughSize(null)).toBe(0);
  });
});

describe("pipeline", () => {
  it("hands an item that was prepared in vain to discard, and passes the error on", async () => {
    let next = 0;
    const discarded: number[] = [];
    const running = pipeline(
      async () => (next < 5 ? (next += 1) : undefined),
      async (item) => {
        if (item === 2) throw new Error("broken");
      },
      async (item) => {
        discarded.push(item);
      },
    );
    await expect(running).rejects.toThrow("broken");
    expect([discarded, next]).toEqual([[3], 3]);
  });
});
