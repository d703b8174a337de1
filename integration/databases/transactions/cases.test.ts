import { describe, expect, it } from "vitest";
import { backend } from "../../../packages/schema/test/database/provided.ts";
import { endSessions } from "../faults/sessions.ts";
import { type DatabaseLab, openDatabaseLab } from "../lab/database-lab.ts";
import { openRaw } from "../lab/raw-client.ts";

// Transactions and lost connections (relational cases, section 15).

async function open() {
  const lab = await openDatabaseLab();
  const schema = lab.project.schema("lab");
  const P = schema.manual("P", "id : int32\n---\nname = '' : varchar(20)");
  await schema.declare();
  return { ...lab, schema, P };
}

/** What another program sees. */
async function outside({ place }: DatabaseLab): Promise<readonly number[]> {
  await using raw = await openRaw(place);
  const rows = await raw.query("select id from lab.p order by id");
  return rows.map((row) => Number(row["id"]));
}

describe("a transaction on a server", () => {
  it("R-386: is invisible to others until it commits, and then is there", async () => {
    await using lab = await open();
    await lab.project.transaction(async () => {
      await lab.P.insert([{ id: 1 }, { id: 2 }]);
      expect(await lab.P.count()).toBe(2);
      expect(await outside(lab)).toEqual([]);
    });
    expect(await outside(lab)).toEqual([1, 2]);
  });

  it("R-387: is rolled back by an error, which passes through", async () => {
    await using lab = await open();
    const error = new Error("mine");
    const running = lab.project.transaction(async () => {
      await lab.P.insertOne({ id: 1 });
      throw error;
    });
    await expect(running).rejects.toBe(error);
    expect(await outside(lab)).toEqual([]);
  });

  it("R-388: refuses another one inside, and goes on", async () => {
    await using lab = await open();
    await lab.project.transaction(async () => {
      await lab.P.insertOne({ id: 1 });
      const inner = lab.project.transaction(() => lab.P.insertOne({ id: 2 }));
      await expect(inner).rejects.toMatchObject({ name: "TransactionError", code: "nested" });
      await lab.P.insertOne({ id: 3 });
    });
    expect(await outside(lab)).toEqual([1, 3]);
  });

  it("R-389: declares nothing, and goes on", async () => {
    await using lab = await open();
    const Later = lab.schema.manual("Later", "id : int32");
    await lab.project.transaction(async () => {
      await lab.P.insertOne({ id: 1 });
      await expect(Later.insertOne({ id: 1 })).rejects.toMatchObject({ code: "undeclared" });
      await expect(lab.schema.declare()).rejects.toMatchObject({ code: "undeclared" });
    });
    expect(await outside(lab)).toEqual([1]);
    expect(await lab.schema.tableNames()).toEqual(["p"]);
  });

  it("R-391: deletes in it, and decides when that counts", async () => {
    await using lab = await open();
    await lab.P.insert([{ id: 1 }, { id: 2 }]);
    const running = lab.project.transaction(async () => {
      expect(await lab.P.where({ id: 1 }).delete()).toBe(1);
      expect(await outside(lab)).toEqual([1, 2]);
      throw new Error("no");
    });
    await expect(running).rejects.toThrow("no");
    expect(await outside(lab)).toEqual([1, 2]);
    await lab.project.transaction(() => lab.P.where({ id: 1 }).delete());
    expect(await outside(lab)).toEqual([2]);
  });

  it(`${backend === "mysql" ? "R-392" : "R-393"}: goes on after a refused row that was caught, and commits`, async () => {
    await using lab = await open();
    await lab.project.transaction(async () => {
      await lab.P.insertOne({ id: 1 });
      await expect(lab.P.insertOne({ id: 1 })).rejects.toMatchObject({ code: "duplicate" });
      await expect(lab.P.insert([{ id: 2 }, { id: 3 }, { id: 1 }])).rejects.toMatchObject({ code: "duplicate" });
      await expect(lab.P.updateOne({ id: 9, name: "x" })).rejects.toMatchObject({ code: "not-one-row" });
      await lab.P.insertOne({ id: 4 });
    });
    expect(await outside(lab)).toEqual([1, 4]);
  });
});

const [lostOutside, lostInside] = backend === "mysql" ? ["R-394", "R-395"] : ["R-396", "R-396"];

describe("a connection that an administrator ends", () => {
  it(`${lostOutside}: outside a transaction is replaced without a word`, async () => {
    await using lab = await open();
    await lab.P.insertOne({ id: 1 });
    await endSessions(lab.place);
    expect(await lab.P.count()).toBe(1);
    await endSessions(lab.place);
    await lab.P.insertOne({ id: 2 });
    expect(await outside(lab)).toEqual([1, 2]);
  });

  it(`${lostInside}: inside a transaction takes it along, and the next one is a new one`, async () => {
    await using lab = await open();
    const running = lab.project.transaction(async () => {
      await lab.P.insertOne({ id: 1 });
      await endSessions(lab.place);
      await lab.P.insertOne({ id: 2 });
    });
    await expect(running).rejects.toMatchObject({ code: expect.stringMatching(/^(?:connection-lost|rolled-back)$/) });
    expect(await outside(lab)).toEqual([]);
    await lab.project.transaction(() => lab.P.insertOne({ id: 3 }));
    expect(await outside(lab)).toEqual([3]);
  });
});
