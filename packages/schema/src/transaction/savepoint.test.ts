import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { bytes } from "../objects/testing.ts";
import { openTestProject } from "../project/testing.ts";

/** A table with objects, and a promise to hand over between two flows. */
async function open() {
  const test = await openTestProject();
  const definition = "id : int32\n---\nraw = null : <object@>\ndata = null : <hash@>" as string;
  const Scan = test.project.schema("lab").manual("Scan", definition);
  await Scan.heading();
  const ids = async () => (await Scan.orderBy("id").keys()).map((key) => key["id"]);
  return { test, project: test.project, Scan, ids, [Symbol.asyncDispose]: () => test[Symbol.asyncDispose]() };
}

function signal() {
  let give: () => void = () => undefined;
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { give, given };
}

describe("a savepoint that is not awaited", () => {
  it.each(["returns", "throws"])("rolls the transaction back, rows and objects, when it later %s", async (end) => {
    await using lab = await open();
    const written = signal();
    const ended = signal();
    let late: Promise<unknown> | undefined;
    const running = lab.project.transaction(async (tx) => {
      late = tx.savepoint(async () => {
        await lab.Scan.insertOne({ id: 1, raw: bytes("precious") });
        written.give();
        await ended.given;
        if (end === "throws") throw new Error("too late");
      });
      late.catch(() => undefined);
      await written.given;
    });
    await expect(running).rejects.toMatchObject({ code: "ended", message: expect.stringContaining("rolled back") });
    ended.give();
    await expect(late).rejects.toMatchObject(end === "throws" ? { message: "too late" } : { code: "ended" });
    expect([await lab.ids(), await lab.test.objects()]).toEqual([[], []]);
  });

  it("deletes nothing of a transaction that has ended, though it undoes itself late", async () => {
    await using lab = await open();
    const written = signal();
    const ended = signal();
    let late: Promise<unknown> | undefined;
    const running = lab.project.transaction(async (tx) => {
      late = tx.savepoint(async () => {
        written.give();
        await ended.given;
        throw new Error("too late");
      });
      late.catch(() => undefined);
      await written.given;
    });
    await expect(running).rejects.toMatchObject({ code: "ended" });
    await lab.project.transaction(() => lab.Scan.insertOne({ id: 2, raw: bytes("another") }));
    ended.give();
    await expect(late).rejects.toThrow("too late");
    expect([await lab.ids(), await lab.test.objects()]).toEqual([[2], [expect.stringContaining("id=2")]]);
  });

  it("inside another one undoes that", async () => {
    await using lab = await open();
    const written = signal();
    let late: Promise<unknown> | undefined;
    await lab.project.transaction(async (tx) => {
      await lab.Scan.insertOne({ id: 1, raw: bytes("keep") });
      const outer = tx.savepoint(async (inner) => {
        late = inner.savepoint(async () => {
          await lab.Scan.insertOne({ id: 2, raw: bytes("drop") });
          written.give();
          await sleep(30);
          await lab.Scan.insertOne({ id: 3, raw: bytes("never") });
        });
        late.catch(() => undefined);
        await written.given;
      });
      await expect(outer).rejects.toMatchObject({ code: "ended" });
      await lab.Scan.insertOne({ id: 4, raw: bytes("keep") });
      await expect(late).rejects.toMatchObject({ code: "ended" });
    });
    expect(await lab.ids()).toEqual([1, 4]);
    expect(await lab.test.objects()).toHaveLength(2);
  });
});

describe("a write that is not awaited", () => {
  async function* slowRows(written?: () => void) {
    for (let id = 1; id <= 3; id += 1) {
      yield { id, raw: bytes(`${id}`) };
      written?.();
      await sleep(20);
    }
  }

  it("is noticed between the batches of its iterable", async () => {
    await using lab = await open();
    const written = signal();
    let late: Promise<unknown> | undefined;
    const running = lab.project.transaction(async () => {
      late = lab.Scan.insert(slowRows(written.give), { batch: 1 });
      late.catch(() => undefined);
      await written.given;
      await sleep(5);
    });
    await expect(running).rejects.toMatchObject({ code: "ended" });
    await expect(late).rejects.toMatchObject({ code: "ended" });
    expect([await lab.ids(), await lab.test.objects()]).toEqual([[], []]);
  });

  it("undoes the savepoint it was begun in", async () => {
    await using lab = await open();
    const written = signal();
    let late: Promise<unknown> | undefined;
    await lab.project.transaction(async (tx) => {
      const outer = tx.savepoint(async () => {
        late = lab.Scan.insert(slowRows(written.give), { batch: 1 });
        late.catch(() => undefined);
        await written.given;
      });
      await expect(outer).rejects.toMatchObject({ code: "ended" });
      await lab.Scan.insertOne({ id: 9 });
      await expect(late).rejects.toMatchObject({ code: "ended" });
    });
    expect([await lab.ids(), await lab.test.objects()]).toEqual([[9], []]);
  });
});

describe("a write beside an open savepoint", () => {
  const writes = ["insert", "insert of an iterable", "update", "delete"] as const;

  it.each(writes)("is refused, because it would be undone with it: %s", async (kind) => {
    await using lab = await open();
    await lab.Scan.insertOne({ id: 1, raw: bytes("first") });
    const row = { id: 2, raw: bytes("precious") };
    const write = async (): Promise<unknown> => {
      if (kind === "insert") return await lab.Scan.insertOne(row);
      if (kind === "insert of an iterable") return await lab.Scan.insert([row].values());
      if (kind === "update") return await lab.Scan.updateOne({ ...row, id: 1 });
      return await lab.Scan.where({ id: 1 }).delete();
    };
    await lab.project.transaction(async (tx) => {
      const opened = signal();
      const refused = signal();
      const failing = tx.savepoint(async () => {
        await lab.Scan.insertOne({ id: 3, raw: bytes("undone") });
        opened.give();
        await refused.given;
        throw new Error("undo");
      });
      failing.catch(() => undefined);
      await opened.given;
      await expect(write()).rejects.toMatchObject({
        name: "TransactionError",
        code: "nested",
        hint: expect.stringContaining("await the savepoint"),
      });
      refused.give();
      await expect(failing).rejects.toThrow("undo");
      await write();
    });
    const expected = { insert: [1, 2], "insert of an iterable": [1, 2], update: [1], delete: [] };
    expect(await lab.ids()).toEqual(expected[kind]);
  });

  it("is refused through the handle of the outer transaction, too", async () => {
    await using lab = await open();
    await lab.project.transaction(async (tx) => {
      await tx.savepoint(async (inner) => {
        await expect(tx.use(lab.Scan).insertOne({ id: 1 })).rejects.toMatchObject({ code: "nested" });
        await inner.use(lab.Scan).insertOne({ id: 2 });
      });
      await tx.use(lab.Scan).insertOne({ id: 3 });
    });
    expect(await lab.ids()).toEqual([2, 3]);
  });

  it("counts what was begun before it as outside", async () => {
    await using lab = await open();
    await lab.project.transaction(async (tx) => {
      const before = lab.Scan.insertOne({ id: 1 });
      await before;
      await expect(
        tx.savepoint(async () => {
          await lab.Scan.insertOne({ id: 2 });
          throw new Error("undo");
        }),
      ).rejects.toThrow("undo");
    });
    expect(await lab.ids()).toEqual([1]);
  });

  it("is refused through the handle of a savepoint that has ended", async () => {
    await using lab = await open();
    await lab.project.transaction(async (tx) => {
      const bound = await tx.savepoint(async (inner) => inner.use(lab.Scan));
      await expect(bound.insertOne({ id: 1 })).rejects.toMatchObject({ code: "ended" });
      expect(await bound.count()).toBe(0);
    });
  });
});
