import { type ObjectKey, parseKey } from "@mortise/core";
import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { backend, onBackend } from "../../test/database/provided.ts";
import type { Settle } from "./settle.ts";
import { bytes, keysOf, openProtocolLab, type ProtocolLab, patient } from "./testing.ts";

function scans(lab: ProtocolLab) {
  const definition = "id : int32\n---\nraw = null : <object@>\ndata = null : <hash@>" as string;
  return lab.test.project.schema("lab").manual("Scan", definition);
}

/** One hash-addressed object, its path, and a lab whose ledger exists. */
async function withObject(options: Parameters<typeof openProtocolLab>[0] = {}) {
  const lab = await openProtocolLab(options);
  const Scan = scans(lab);
  await Scan.insertOne({ id: 1, data: bytes("same") });
  const [path = ""] = await keysOf(lab.store);
  return { ...lab, lab, Scan, path, [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose]() };
}

async function textAt(lab: { readonly store: ProtocolLab["store"] }, path: string): Promise<string> {
  await using found = await lab.store.get(parseKey(path));
  return new TextDecoder().decode(await found.bytes());
}

describe("the write protocol", () => {
  it("registers intents before the first byte and settles them with the rows", async () => {
    await using lab = await openProtocolLab();
    const Scan = scans(lab);
    const seen: unknown[] = [];
    lab.beforePut = async (key) => {
      const intents = await lab.intents();
      seen.push(intents.map((intent) => intent["path"]).includes(key), await Scan.count());
    };
    await Scan.insert([1, 2].map((id) => ({ id, raw: bytes(`r${id}`), data: bytes(`d${id}`) })));
    expect(seen).toEqual([true, 0, true, 0, true, 0, true, 0]);
    expect(await lab.intents()).toEqual([]);
  });

  it.each(["an insert", "a transaction"])("draws another token where the path is taken, in %s", async (place) => {
    await using lab = await openProtocolLab();
    const Scan = scans(lab);
    await lab.test.project.schema("lab").declare();
    const taken: string[] = [];
    const free: string[] = [];
    lab.beforePut = async (key) => {
      lab.beforePut = async (next) => {
        free.push(next);
        const intents = await lab.intents();
        if (place === "an insert") expect(intents.map((intent) => intent["path"])).toContain(next);
      };
      taken.push(key);
      await lab.inner.put(key, bytes("somebody else's"));
    };
    const insert = () => Scan.insertOne({ id: 1, raw: bytes("mine") });
    const summary = await (place === "an insert" ? insert() : lab.test.project.transaction(insert));
    expect(summary).toMatchObject({ inserted: 1, uploaded: 1, bytes: 4 });
    expect(free).toHaveLength(1);
    expect(await keysOf(lab.store)).toEqual([...taken, ...free].toSorted());
    expect(await textAt(lab, taken[0] ?? "")).toBe("somebody else's");
    const raw = (await Scan.fetchOne()).raw as { path: string };
    expect(raw.path).toBe(free[0]);
    expect(await lab.intents()).toEqual([]);
  });

  it("gives up where every token is taken, and deletes nothing that is not its own", async () => {
    await using lab = await openProtocolLab();
    const Scan = scans(lab);
    const taken: string[] = [];
    lab.beforePut = async (key) => {
      taken.push(key);
      await lab.inner.put(key, bytes("somebody else's"));
    };
    await expect(Scan.insertOne({ id: 1, raw: bytes("mine") })).rejects.toMatchObject({ code: "already-exists" });
    expect(taken).toHaveLength(3);
    expect(await keysOf(lab.store)).toEqual(taken.toSorted());
    expect([await Scan.count(), await lab.intents()]).toEqual([0, []]);
  });

  it("keeps the second token when the whole batch runs again", async () => {
    await using lab = await openProtocolLab();
    const Scan = scans(lab);
    const puts: string[] = [];
    lab.beforePut = async (key) => {
      puts.push(key);
      if (puts.length === 1) await lab.inner.put(key, bytes("somebody else's"));
    };
    lab.afterPut = async () => {
      if (puts.length === 2) await lab.breakIntents();
    };
    expect(await Scan.insertOne({ id: 1, raw: bytes("mine") })).toMatchObject({ inserted: 1 });
    expect(puts).toEqual([puts[0], puts[1], puts[1]]);
    expect(await textAt(lab, puts[0] ?? "")).toBe("somebody else's");
    expect(await textAt(lab, puts[1] ?? "")).toBe("mine");
    // Those of the first attempt are the collector's.
    expect((await lab.intents()).filter((intent) => Number(intent["broken"]) !== 1)).toEqual([]);
  });

  it("deletes the object under the second token where its row is not needed after all", async () => {
    await using lab = await openProtocolLab();
    const other = scans({ ...lab, test: { ...lab.test, project: await lab.test.again() } });
    const Scan = scans(lab);
    await Scan.heading();
    const puts: string[] = [];
    lab.beforePut = async (key) => {
      puts.push(key);
      if (puts.length === 1) await lab.inner.put(key, bytes("somebody else's"));
      else await other.insertOne({ id: 1 });
    };
    const summary = await Scan.insert([{ id: 1, raw: bytes("mine") }], { skipDuplicates: true });
    expect(summary).toMatchObject({ inserted: 0, skipped: 1 });
    expect(puts).toHaveLength(2);
    expect(await keysOf(lab.store)).toEqual([puts[0]]);
  });

  it("withdraws a condemned path and trusts its object", async () => {
    await using lab = await withObject();
    await lab.judge(lab.path, "condemned");
    expect(await lab.Scan.insertOne({ id: 2, data: bytes("same") })).toMatchObject({ uploaded: 0, deduplicated: 1 });
    expect(await lab.ledger()).toEqual([]);
  });

  it.each([
    ["condemned", true],
    ["quarantined", false],
    ["suspect", false],
    ["deleted", false],
  ])("uploads again what the ledger calls %s (must upload: %s)", async (state, mustUpload) => {
    await using lab = await withObject();
    await lab.judge(lab.path, state, { mustUpload });
    expect(await lab.Scan.insertOne({ id: 2, data: bytes("same") })).toMatchObject({ uploaded: 1, deduplicated: 0 });
    const left = (await lab.ledger()).map((row) => row["state"]);
    // W3 clears what was only suspected; the collector still has to purge or restore its own copy.
    expect(left).toEqual(state === "quarantined" || state === "deleted" ? [state] : []);
  });

  it("waits while a path is being moved, then uploads", async () => {
    await using lab = await withObject({ overrides: { times: { backoffMs: 1 } } });
    await lab.judge(lab.path, "moving");
    const inserting = lab.Scan.insertOne({ id: 2, data: bytes("same") });
    await expect.poll(() => lab.intents(), patient).toHaveLength(1);
    expect(await lab.Scan.count()).toBe(1);
    await lab.store.delete(parseKey(lab.path));
    await lab.judge(lab.path, "quarantined");
    expect(await inserting).toMatchObject({ inserted: 1, uploaded: 1 });
    expect(await textAt(lab, lab.path)).toBe("same");
  });

  it("does not wait for ever for a move that a clock set back keeps young", async () => {
    await using lab = await withObject({ overrides: { times: { backoffMs: 1, fenceMs: 20 } } });
    await lab.judge(lab.path, "moving", { age: -3_600_000 });
    await expect(lab.Scan.insertOne({ id: 2, data: bytes("same") })).rejects.toMatchObject({
      code: "conflict",
      retryable: true,
      message: expect.stringContaining(lab.path),
    });
    expect([await lab.Scan.count(), await lab.intents()]).toEqual([1, []]);
    expect(await lab.ledger()).toHaveLength(1);
  });

  it("takes over a move that has outlived every signed delete", async () => {
    await using lab = await withObject();
    await lab.judge(lab.path, "moving", { age: 91_000 });
    const seen: unknown[] = [];
    lab.lab.beforePut = async () => {
      const [row] = await lab.ledger();
      seen.push(
        row?.["state"],
        Number(row?.["must_upload"]),
        (row?.["token"] as Uint8Array | undefined)?.some((byte) => byte !== 0),
      );
    };
    expect(await lab.Scan.insertOne({ id: 2, data: bytes("same") })).toMatchObject({ uploaded: 1 });
    expect(seen).toEqual(["suspect", 1, true]);
    expect(await lab.ledger()).toEqual([]);
  });

  it("runs the whole batch again when its intents were broken while it uploaded", async () => {
    await using lab = await openProtocolLab();
    const Scan = scans(lab);
    const writers = new Set<string>();
    let broken = false;
    lab.afterPut = async () => {
      for (const intent of await lab.intents())
        writers.add(Buffer.from(intent["writer"] as Uint8Array).toString("hex"));
      if (!broken) await lab.breakIntents();
      broken = true;
    };
    const summary = await Scan.insert([{ id: 1, raw: bytes("r"), data: bytes("d") }]);
    expect(summary).toMatchObject({ inserted: 1 });
    expect(writers.size).toBe(2);
    expect(lab.test.warnings.map(({ event }) => event)).toContain("objects.batch-again");
    expect(await keysOf(lab.store)).toHaveLength(2);
    const row = await Scan.fetchOne();
    expect(new TextDecoder().decode(row["data"] as Uint8Array)).toBe("d");
  });

  it("gives up after five attempts, with nothing committed", async () => {
    await using lab = await openProtocolLab();
    const Scan = scans(lab);
    lab.afterPut = () => lab.breakIntents();
    await expect(Scan.insertOne({ id: 1, raw: bytes("r") })).rejects.toMatchObject({
      code: "intents-lost",
      retryable: true,
    });
    expect(await Scan.count()).toBe(0);
    expect(await keysOf(lab.store)).toEqual([]);
  });

  const sloppy: Settle = async (session, _ledger, unit) => {
    // Only SQLite has no schemas of its own.
    const names = [unit.schema, "~mortise_intent"];
    const table = backend === "sqlite" ? sql.id(names.join(".")) : sql.id(...names);
    await session.execute(sql`delete from ${table} where writer = ${unit.writer}`);
  };

  it.each([
    ["keeps every row's object", undefined, true],
    ["loses one in a build whose W3 does not count", sloppy, false],
  ])("with a collector that breaks, condemns and deletes beside it, %s", async (_, settle, kept) => {
    await using lab = await openProtocolLab({ overrides: { settle } });
    const Scan = scans(lab);
    let collected: ObjectKey | undefined;
    lab.afterPut = async (key) => {
      if (collected !== undefined) return;
      collected = key;
      await lab.breakIntents();
      await lab.judge(key, "condemned");
      await lab.store.delete(key);
      await lab.judge(key, "quarantined");
    };
    await Scan.insertOne({ id: 1, data: bytes("precious") });
    expect(await keysOf(lab.store)).toEqual(kept ? [collected] : []);
  });

  it("extends the lease while it uploads", async () => {
    await using lab = await openProtocolLab({ overrides: { times: { leaseMs: 90 } } });
    const Scan = scans(lab);
    await Scan.insertOne({ id: 0, data: bytes("prepares the ledger") });
    lab.beforePut = async () => {
      const [first] = await lab.intents();
      await expect
        .poll(async () => (await lab.intents())[0]?.["lease_until"], patient)
        .not.toBe(first?.["lease_until"]);
    };
    await Scan.insertOne({ id: 1, data: bytes("slow") });
    expect(await Scan.count()).toBe(2);
  });

  it("after a failure deletes what only it knew, and leaves an intent for what others may have found", async () => {
    await using lab = await openProtocolLab();
    const Scan = scans(lab);
    let hashed = 0;
    lab.beforePut = async (key) => {
      if (!key.startsWith("_hash/")) return;
      const last = ++hashed === 2;
      // The second one fails when everything else is there, so that there is something of each kind to leave or delete.
      await expect.poll(async () => (await keysOf(lab.store)).length, patient).toBe(last ? 3 : 2);
      if (last) throw new Error("the store is down");
    };
    const rows = [1, 2, 3, 4].map((id) => ({ id, ...(id < 3 ? { raw: bytes("r") } : { data: bytes(`d${id}`) }) }));
    await expect(Scan.insert(rows)).rejects.toThrow("the store is down");
    const left = await keysOf(lab.store);
    expect(left.every((key) => key.startsWith("_hash/"))).toBe(true);
    const intents = (await lab.intents()).map((intent) => intent["path"]);
    expect(intents).toEqual(expect.arrayContaining([...left]));
    expect(intents.some((path) => String(path).startsWith("_schema/"))).toBe(false);
    expect(await Scan.count()).toBe(0);
  });
});

describe("the write protocol inside a user's transaction", () => {
  // On a server, judgements are answered in transactions of their own; on SQLite by the user's.
  const answered = (state: string) => onBackend({ sqlite: state, mysql: "suspect", postgresql: "suspect" });

  it.each([
    ["suspect", { mustUpload: true }, "suspect"],
    ["moving", { age: 91_000 }, answered("moving")],
    ["deleted", {}, "deleted"],
    ["condemned", { mustUpload: true }, answered("condemned")],
  ])("keeps doubts of what was %s where its upload failed and the failure was caught", async (...given) => {
    const [state, options, left] = given;
    await using lab = await withObject();
    await lab.judge(lab.path, state, options);
    lab.lab.beforePut = async () => {
      throw new Error("the store is down");
    };
    await lab.test.project.transaction(async () => {
      await expect(lab.Scan.insertOne({ id: 2, data: bytes("same") })).rejects.toThrow("the store is down");
    });
    expect((await lab.ledger()).map((row) => row["state"])).toEqual([left]);
    lab.lab.beforePut = async () => undefined;
    expect(await lab.Scan.insertOne({ id: 3, data: bytes("same") })).toMatchObject({ uploaded: 1, deduplicated: 0 });
  });

  it("clears judgements, and has no intents after the commit: on SQLite none at all, the write lock is one", async () => {
    await using lab = await withObject();
    await lab.judge(lab.path, "condemned");
    await lab.test.project.transaction(async () => {
      await lab.Scan.insertOne({ id: 2, data: bytes("same"), raw: bytes("r") });
      expect(await lab.intents()).toHaveLength(onBackend({ sqlite: 0, mysql: 2, postgresql: 2 }));
      expect(await lab.ledger()).toHaveLength(onBackend({ sqlite: 1, mysql: 0, postgresql: 0 }));
    });
    expect([await lab.ledger(), await lab.intents()]).toEqual([[], []]);
    expect(await lab.Scan.count()).toBe(2);
  });

  it("on SQLite keeps a judgement when it is rolled back; elsewhere it was withdrawn before the upload", async () => {
    await using lab = await withObject();
    await lab.judge(lab.path, "condemned");
    const failing = lab.test.project.transaction(async () => {
      await lab.Scan.insertOne({ id: 2, data: bytes("same") });
      throw new Error("no");
    });
    await expect(failing).rejects.toThrow("no");
    expect(await lab.ledger()).toHaveLength(onBackend({ sqlite: 1, mysql: 0, postgresql: 0 }));
    // Where the lock is no intent, that of content that was written names it to a collector until it expires.
    expect(await lab.intents()).toHaveLength(onBackend({ sqlite: 0, mysql: 1, postgresql: 1 }));
  });

  it("is asked to come again while a path is being moved, on a server after waiting for it", async () => {
    await using lab = await withObject({ overrides: { times: { backoffMs: 1, fenceMs: 20 } } });
    await lab.judge(lab.path, "moving", { age: -3_600_000 });
    const inserting = lab.test.project.transaction(() => lab.Scan.insertOne({ id: 2, data: bytes("same") }));
    await expect(inserting).rejects.toMatchObject({ code: "conflict", retryable: true });
    expect(await lab.Scan.count()).toBe(1);
  });

  it.each([
    ["suspect", []],
    ["quarantined", ["quarantined"]],
    ["deleted", onBackend({ sqlite: [], mysql: ["deleted"], postgresql: ["deleted"] })],
  ])("uploads again what the ledger calls %s", async (state, left) => {
    await using lab = await withObject();
    await lab.judge(lab.path, state);
    const summary = await lab.test.project.transaction(() => lab.Scan.insertOne({ id: 2, data: bytes("same") }));
    expect(summary).toMatchObject({ uploaded: 1 });
    expect((await lab.ledger()).map((row) => row["state"])).toEqual(left);
  });
});
