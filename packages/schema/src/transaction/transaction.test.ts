import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { bytes, keysOf, openProtocolLab } from "../objects/testing.ts";
import { openTestProject, type TestProject } from "../project/testing.ts";
import type { Project, Transaction } from "../types/index.ts";

function session(project: Project<unknown>) {
  return project.schema("lab").manual(
    "Session",
    `
    id : int32
    ---
    note = '' : varchar(20)
  `,
  );
}

async function open() {
  const test = await openTestProject();
  const Session = session(test.project);
  await Session.heading();
  const { project } = test;
  return { project, test, Session, [Symbol.asyncDispose]: () => test[Symbol.asyncDispose]() };
}

describe("a transaction", () => {
  it("commits what table constants wrote inside it, and returns its function's result", async () => {
    await using lab = await open();
    const result = await lab.project.transaction(async () => {
      await lab.Session.insertOne({ id: 1 });
      await lab.Session.insertOne({ id: 2 });
      await lab.Session.updateOne({ id: 2, note: "x" });
      return await lab.Session.count();
    });
    expect(result).toBe(2);
    expect(await lab.Session.where({ note: "x" }).keys()).toEqual([{ id: 2 }]);
  });

  it("rolls back when its function throws, and passes the error on", async () => {
    await using lab = await open();
    const failing = lab.project.transaction(async () => {
      await lab.Session.insertOne({ id: 1 });
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await lab.Session.count()).toBe(0);
  });

  it("is invisible outside until it commits", async () => {
    await using lab = await open();
    const outside = await (await lab.test.again()).schema("lab").table("Session");
    await lab.project.transaction(async () => {
      await lab.Session.insertOne({ id: 1 });
      expect(await outside.count()).toBe(0);
    });
    expect(await outside.count()).toBe(1);
  });

  it("refuses a transaction inside and stays intact", async () => {
    await using lab = await open();
    await lab.project.transaction(async () => {
      await lab.Session.insertOne({ id: 1 });
      const inner = lab.project.transaction(async () => undefined);
      await expect(inner).rejects.toMatchObject({ name: "TransactionError", code: "nested" });
      await lab.Session.insertOne({ id: 2 });
    });
    expect(await lab.Session.count()).toBe(2);
  });

  it("undoes a savepoint that throws, and nothing else", async () => {
    await using lab = await open();
    await lab.project.transaction(async (tx) => {
      await lab.Session.insertOne({ id: 1 });
      const failing = tx.savepoint(async (inner) => {
        await lab.Session.insertOne({ id: 2 });
        await inner.savepoint(() => lab.Session.insertOne({ id: 3 }));
        throw new Error("undo");
      });
      await expect(failing).rejects.toThrow("undo");
      await tx.savepoint(() => lab.Session.insertOne({ id: 4 }));
    });
    expect(await lab.Session.orderBy("id").keys()).toEqual([{ id: 1 }, { id: 4 }]);
  });

  it("refuses two savepoints side by side, which would undo each other", async () => {
    await using lab = await open();
    const running = lab.project.transaction(async (tx) => {
      await Promise.all([
        tx.savepoint(() => lab.Session.insertOne({ id: 1 })),
        tx.savepoint(() => lab.Session.insertOne({ id: 2 })),
      ]);
    });
    await expect(running).rejects.toMatchObject({ code: "nested" });
    expect(await lab.Session.count()).toBe(0);
  });

  it("runs writes that were begun together one after the other", async () => {
    await using lab = await open();
    await lab.project.transaction(async () => {
      await Promise.all(Array.from({ length: 20 }, (_, id) => lab.Session.insertOne({ id })));
    });
    expect(await lab.Session.count()).toBe(20);
  });

  it("keeps the rows of an insert when a delete beside it fails", async () => {
    await using lab = await open();
    const Child = lab.project.schema("lab").manual("Child", "-> Session", { Session: lab.Session });
    await Child.heading();
    await lab.Session.insert([{ id: 1 }, { id: 2 }]);
    await lab.project.transaction(async () => {
      const rows = Array.from({ length: 500 }, (_, id) => ({ id: id + 10 }));
      const deleting = lab.Session.where({ id: 1 }).delete({ parts: "nonsense" as "ignore" });
      const outcomes = await Promise.allSettled([
        lab.Session.insert(rows),
        lab.Session.where({ id: 2 }).delete(),
        deleting,
        lab.Session.insert([{ id: 600 }, { id: 1 }]),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "rejected"]);
    });
    expect(await lab.Session.count()).toBe(501);
  });

  it("lets the rows of an insert come from code that writes itself", async () => {
    await using lab = await open();
    await lab.project.transaction(async () => {
      const rows = async function* () {
        await lab.Session.insertOne({ id: 100 });
        yield { id: 1 };
      };
      await lab.Session.insert(rows());
    });
    expect(await lab.Session.count()).toBe(2);
  });

  it("undoes a failed insert that its function caught", async () => {
    await using lab = await open();
    await lab.project.transaction(async () => {
      const rows = [{ id: 1 }, { id: 2 }, { id: 1 }];
      await expect(lab.Session.insert(rows)).rejects.toMatchObject({ code: "duplicate" });
      await lab.Session.insertOne({ id: 5 });
      await expect(lab.Session.insert([{ id: 6 }, { id: 5 }])).rejects.toMatchObject({ code: "duplicate" });
    });
    expect(await lab.Session.keys()).toEqual([{ id: 5 }]);
  });

  it("is joined explicitly with use, also outside its asynchronous context", async () => {
    await using lab = await open();
    const outside = await (await lab.test.again()).schema("lab").table("Session");
    let give: (tx: Transaction) => void = () => undefined;
    const given = new Promise<Transaction>((resolve) => {
      give = resolve;
    });
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const running = lab.project.transaction(async (tx) => {
      give(tx);
      await finished;
    });
    const tx = await given;
    await tx.use(lab.Session).insertOne({ id: 1, note: "in" });
    expect(await tx.use(lab.Session.where({ note: "in" })).count()).toBe(1);
    expect(await outside.count()).toBe(0);
    finish();
    await running;
    expect(await outside.count()).toBe(1);
    expect(() => tx.use(lab.Session)).toThrow(expect.objectContaining({ code: "ended" }));
  });

  it("refuses a handle that is used after it has ended", async () => {
    await using lab = await open();
    let late: typeof lab.Session | undefined;
    let later: Promise<unknown> | undefined;
    let go: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      go = resolve;
    });
    await lab.project.transaction(async (tx) => {
      late = tx.use(lab.Session);
      later = ended.then(() => lab.Session.count());
    });
    go();
    await expect(late?.insertOne({ id: 1 })).rejects.toMatchObject({ code: "ended" });
    await expect(late?.count()).rejects.toMatchObject({ code: "ended" });
    await expect(later).rejects.toMatchObject({ code: "ended" });
  });

  it("rolls back when a write was not awaited", async () => {
    await using lab = await open();
    let forgotten: Promise<unknown> | undefined;
    const running = lab.project.transaction(async () => {
      forgotten = lab.Session.insert(Array.from({ length: 50 }, (_, id) => ({ id })));
      forgotten.catch(() => undefined);
      await lab.Session.count();
      await lab.Session.count();
    });
    await expect(running).rejects.toMatchObject({ code: "ended" });
    await Promise.allSettled([forgotten]);
    expect(await lab.Session.count()).toBe(0);
  });

  it("rolls back when its signal is aborted", async () => {
    await using lab = await open();
    const abort = new AbortController();
    const running = lab.project.transaction(
      async () => {
        await lab.Session.insertOne({ id: 1 });
        abort.abort(new Error("enough"));
      },
      { signal: abort.signal },
    );
    await expect(running).rejects.toThrow("enough");
    expect(await lab.Session.count()).toBe(0);
    await expect(lab.project.transaction(async () => 1, { signal: abort.signal })).rejects.toThrow("enough");
  });

  it("refuses the first use of a table inside, and names declare", async () => {
    await using test: TestProject = await openTestProject();
    const Session = session(test.project);
    const running = test.project.transaction(() => Session.insertOne({ id: 1 }));
    await expect(running).rejects.toMatchObject({ code: "undeclared", hint: expect.stringContaining("declare()") });
    await test.project.schema("lab").declare();
    await test.project.transaction(() => Session.insertOne({ id: 1 }));
    expect(await Session.count()).toBe(1);
  });

  it("refuses schema.kysely() inside, which would wait for the transaction's own lock", async () => {
    await using lab = await open();
    const schema = lab.test.project.schema("lab");
    await lab.project.transaction(async () => {
      await lab.Session.insertOne({ id: 1 });
      await expect(schema.kysely()).rejects.toMatchObject({ name: "TransactionError", code: "nested" });
    });
    expect(await lab.Session.count()).toBe(1);
    await schema.kysely();
  });

  it("keeps the streams made in it, wherever they are first read", async () => {
    await using lab = await open();
    await lab.Session.insertOne({ id: 1 });
    const outside = lab.Session.stream();
    const inside = await lab.project.transaction(async () => {
      await lab.Session.insertOne({ id: 2 });
      expect(await Array.fromAsync(outside)).toHaveLength(1);
      return { stream: lab.Session.stream() };
    });
    await expect(Array.fromAsync(inside.stream)).rejects.toMatchObject({ code: "ended" });
  });

  it("frees the database for the next one, also after failures", async () => {
    await using lab = await open();
    for (let id = 0; id < 5; id += 1) {
      const running = lab.project.transaction(async () => {
        await lab.Session.insertOne({ id });
        if (id % 2 === 1) throw new Error("odd");
      });
      await running.catch(() => undefined);
    }
    expect(await lab.Session.orderBy("id").keys()).toEqual([{ id: 0 }, { id: 2 }, { id: 4 }]);
  });
});

describe("objects of a transaction", () => {
  it("of a savepoint that was undone are deleted, those outside it stay", async () => {
    await using lab = await openProtocolLab();
    const Scan = lab.test.project.schema("lab").manual("Scan", "id : int32\n---\nraw : <object@>");
    await Scan.heading();
    await lab.test.project.transaction(async (tx) => {
      await Scan.insertOne({ id: 1, raw: bytes("keep") });
      const failing = tx.savepoint(async () => {
        await Scan.insertOne({ id: 2, raw: bytes("drop") });
        throw new Error("undo");
      });
      await expect(failing).rejects.toThrow("undo");
      expect(await keysOf(lab.store)).toHaveLength(1);
    });
    expect(await keysOf(lab.store)).toHaveLength(1);
    expect(await Scan.count()).toBe(1);
  });

  it("of a failed insert that was caught are deleted", async () => {
    await using lab = await openProtocolLab();
    const Scan = lab.test.project.schema("lab").manual("Scan", "id : int32\n---\nraw : <object@>");
    await Scan.heading();
    lab.afterPut = async (key) => {
      if (key.includes("id=3")) throw new Error("the store is down");
    };
    await lab.test.project.transaction(async () => {
      await Scan.insertOne({ id: 1, raw: bytes("keep") });
      const rows = [2, 3].map((id) => ({ id, raw: bytes("drop") }));
      await expect(Scan.insert(rows)).rejects.toThrow("the store is down");
    });
    expect(await keysOf(lab.store)).toHaveLength(1);
    const database = await lab.test.project.schema("lab").kysely();
    expect(await database.selectFrom("scan").select(sql`count(*)`.as("n")).executeTakeFirst()).toEqual({ n: 1 });
  });
});
