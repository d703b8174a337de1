import { type Codec, type CodecSite, createRegistry } from "@mortise/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openTestProject, type TestProject } from "../../test/test-project.ts";
import { openByName } from "../existing/index.ts";
import { createQuery, type RuntimeQuery } from "../query/selection.ts";

/** In flight and the most there ever were at a time. */
const load = { now: 0, most: 0, aborted: 0 };

/** Where each decoded value came from. */
const sites: CodecSite[] = [];

/** Stores text as bytes; decoding takes a turn of the event loop, fails for `bad` and counts what runs beside it. */
const slow: Codec<"slow", string, string, Uint8Array> = {
  kind: "codec",
  apiVersion: 1,
  name: "slow",
  origin: import.meta.url,
  storageType: () => "bytes",
  accept: (value) => String(value),
  encode: (value) => new TextEncoder().encode(value),
  decode: async (stored, { signal, site }) => {
    sites.push(site);
    load.now++;
    load.most = Math.max(load.most, load.now);
    signal.addEventListener("abort", () => load.aborted++, { once: true });
    await new Promise((resolve) => {
      setTimeout(resolve, Math.random() * 4);
    });
    load.now--;
    const text = new TextDecoder().decode(stored);
    if (text === "bad") throw new Error("cannot decode");
    return text;
  },
  references: () => [],
};

const rows = 700;
let project: TestProject;
let table: RuntimeQuery;
let insertMore: (id: number, text: string | null) => Promise<void>;
beforeAll(async () => {
  project = await openTestProject([slow]);
  const binding = project.schema("flow").define("manual", "Item", "id : int32\n---\ntext = null : <slow>\nn : int32");
  table = project.query(binding);
  // The column's own type is bytes, which is what the test inserts.
  const bytes = (text: string | null) => (text === null ? null : new TextEncoder().encode(text));
  insertMore = (id, text) => project.insert(binding, [{ id, text: bytes(text), n: id }]);
  await project.insert(
    binding,
    Array.from({ length: rows }, (_, id) => ({ id, text: bytes(`t${id}`), n: id })),
  );
});
afterAll(() => project[Symbol.asyncDispose]());

describe("decoding", () => {
  it("fetches in order, with a bounded number of values in flight", async () => {
    load.most = 0;
    const fetched = await table.orderBy("id").fetch();
    expect(fetched).toHaveLength(rows);
    expect(fetched.every((row, index) => row["text"] === `t${index}` && row["id"] === index)).toBe(true);
    expect(Object.keys(fetched[0] ?? {})).toEqual(["id", "text", "n"]);
    expect(load.most).toBeGreaterThan(8);
    expect(load.most).toBeLessThanOrEqual(64);
  });

  it("streams in order, with a bounded number of values in flight", async () => {
    load.most = 0;
    const seen: unknown[] = [];
    for await (const row of table.orderBy("id")) seen.push(row["text"]);
    expect(seen).toEqual(Array.from({ length: rows }, (_, id) => `t${id}`));
    expect(load.most).toBeLessThanOrEqual(64);
  });

  it("null has no codec", async () => {
    await insertMore(9000, null);
    expect(await table.where({ id: 9000 }).fetchOne()).toEqual({ id: 9000, text: null, n: 9000 });
    expect(await table.where({ text: null }).count()).toBe(1);
    await table.where({ id: 9000 }).delete();
  });

  it("one failure rejects the fetch and the stream, aborts the other reads and leaves nothing running", async () => {
    await insertMore(-1, "bad");
    load.aborted = 0;
    await expect(table.orderBy("id").fetch()).rejects.toThrow("cannot decode");
    expect(load.now).toBe(0);
    expect(load.aborted).toBeGreaterThan(0);
    await expect(Array.fromAsync(table.orderBy("id"))).rejects.toThrow("cannot decode");
    expect(load.now).toBe(0);
    await table.where({ id: -1 }).delete();
  });

  it("gives what is stored where the codec is not registered", async () => {
    const context = { ...project.context, registry: createRegistry() };
    const reopened = createQuery(await openByName(context, "flow", "Item"));
    const row = await reopened.where({ id: 1 }).fetchOne();
    expect(row).toEqual({ id: 1, text: new TextEncoder().encode("t1"), n: 1 });
  });

  it("tells the codec where a value comes from, through renaming and joins", async () => {
    const renamed = table.proj({ other: "text", key: "id" }).where({ key: 3 });
    expect(await renamed.fetchOne()).toEqual({ key: 3, other: "t3" });
    expect(sites.at(-1)).toEqual({ schema: "flow", table: "Item", attribute: "text", primaryKey: { key: 3 } });
  });

  it("a codec column can be asked for null only", async () => {
    for (const text of ["t1", ["t1"], { eq: "t1" }])
      await expect(table.where({ text }).fetch()).rejects.toMatchObject({ code: "invalid-restriction" });
    await expect(table.orderBy("text").fetch()).rejects.toMatchObject({ code: "invalid-query" });
  });
});

describe("streams", () => {
  it("the loop may write to the table it reads", async () => {
    let count = 0;
    for await (const row of table.where({ id: { lt: 20 } }).stream({ batch: 3 })) {
      await insertMore(10_000 + Number(row["id"]), "x");
      count++;
    }
    expect(count).toBe(20);
    expect(await table.where({ id: { gte: 10_000 } }).delete()).toBe(20);
  });

  it("break and dispose end the read, and a stream is read once", async () => {
    for await (const row of table) if (row["id"] === 5) break;
    expect(load.now).toBe(0);
    await using stream = table.stream();
    for await (const row of stream) {
      expect(row).toHaveProperty("text");
      break;
    }
    expect(() => stream[Symbol.asyncIterator]()).toThrow(expect.objectContaining({ code: "invalid-query" }));
    const unread = table.stream();
    await unread[Symbol.asyncDispose]();
    expect(() => unread[Symbol.asyncIterator]()).toThrow(expect.objectContaining({ code: "invalid-query" }));
  });

  it("an abort during the loop ends it", async () => {
    const abort = new AbortController();
    const read = async (): Promise<void> => {
      for await (const row of table.stream({ signal: abort.signal })) if (row["id"] === 3) abort.abort();
    };
    await expect(read()).rejects.toMatchObject({ name: "AbortError" });
  });

  it("inside a transaction it sees what the transaction has written", async () => {
    await project.transaction(async () => {
      await insertMore(20_000, "mine");
      const found = await Array.fromAsync(table.where({ id: { gte: 20_000 } }));
      expect(found.map((row) => row["text"])).toEqual(["mine"]);
      await table.where({ id: 20_000 }).delete();
    });
  });

  it("inside a transaction it reads page by page, while the loop writes", async () => {
    await project.transaction(async () => {
      const seen: unknown[] = [];
      for await (const row of table.where({ id: { lt: 100 } }).stream({ batch: 7 })) {
        seen.push(row["id"]);
        await insertMore(30_000 + Number(row["id"]), "x");
      }
      expect(seen).toEqual(Array.from({ length: 100 }, (_, id) => id));
      const ordered = await Array.fromAsync(table.where({ id: { gte: 30_000 } }).orderBy("n desc"));
      expect(ordered.map((row) => row["n"])).toEqual(Array.from({ length: 100 }, (_, id) => 30_099 - id));
      await table.where({ id: { gte: 30_000 } }).delete();
    });
  });

  it("is an error after its transaction has ended", async () => {
    let iterator: AsyncIterator<unknown> | undefined;
    await project.transaction(async () => {
      iterator = table.stream()[Symbol.asyncIterator]();
      await iterator.next();
    });
    await expect(iterator?.next()).rejects.toMatchObject({ code: "ended" });
  });
});
