import { describe, expect, it } from "vitest";
import { type CascadeLab, openCascadeLab } from "../../test/cascade-lab.ts";
import type { TableBinding } from "../context.ts";
import { sql } from "../query/index.ts";
import type { AnyHeading, Selection } from "../types/index.ts";

type Removed = Readonly<Record<string, number>>;
type Tables = Readonly<Record<string, Selection<AnyHeading>>>;

/** Rows that each table has lost; tables that lost none are left out. */
async function removedBy(lab: CascadeLab, work: () => Promise<unknown>): Promise<Removed> {
  const before = await lab.counts();
  await work();
  const after = await lab.counts();
  const lost = Object.keys(before).map((name) => [name, (before[name] ?? 0) - (after[name] ?? 0)] as const);
  return Object.fromEntries(lost.filter(([, count]) => count !== 0));
}

const table = (tables: Tables, name: string): Selection<AnyHeading> => tables[name] as Selection<AnyHeading>;

interface DeleteCase {
  readonly id: string;
  readonly what: string;
  readonly remove: (tables: Tables) => Promise<number>;
  readonly returns: number;
  readonly removed: Removed;
}

const cases: readonly DeleteCase[] = [
  {
    id: "R-375",
    what: "a restriction of the key, down all foreign keys and into another schema",
    remove: (t) => table(t, "Subject").where({ subject_id: 0 }).delete(),
    returns: 1,
    removed: { Subject: 1, Session: 2, Rec: 2, Chan: 4, Down: 4, Pair: 1, Note: 1, Far: 2 },
  },
  {
    id: "R-376",
    what: "a restriction of another attribute",
    remove: (t) => table(t, "Subject").where(sql`name='n1'`).delete(),
    returns: 1,
    removed: { Subject: 1, Session: 2, Rec: 2, Chan: 4, Down: 4, Pair: 2, Far: 2 },
  },
  {
    id: "R-377",
    what: "two restrictions",
    remove: (t) => table(t, "Session").where(sql`rig='r1'`).where(sql`subject_id=2`).delete(),
    returns: 1,
    removed: { Session: 1, Rec: 1, Chan: 2, Down: 2, Far: 1 },
  },
  {
    id: "R-378",
    what: "nothing matched",
    remove: (t) => table(t, "Subject").where(sql`subject_id=99`).delete(),
    returns: 0,
    removed: {},
  },
  {
    id: "R-381",
    what: "a part alone, asked for",
    remove: (t) => table(t, "Chan").where(sql`ch=1`, sql`subject_id=3`).delete({ parts: "ignore" }),
    returns: 2,
    removed: { Chan: 2, Down: 2 },
  },
  {
    id: "R-382",
    what: "a part with its masters and everything below these",
    remove: (t) => table(t, "Chan").where(sql`ch=1`, sql`subject_id=3`).delete({ parts: "cascade" }),
    returns: 4,
    removed: { Rec: 2, Chan: 4, Down: 4 },
  },
  {
    id: "R-383",
    what: "a restriction by a table that loses rows",
    remove: (t) => table(t, "Subject").where(table(t, "Session")).delete(),
    returns: 4,
    removed: { Subject: 4, Session: 8, Rec: 8, Chan: 16, Down: 16, Far: 8, Pair: 3, Note: 1 },
  },
  {
    id: "R-384",
    what: "a restriction by a restricted table that loses rows",
    remove: (t) => table(t, "Session").where(table(t, "Chan").where(sql`ch=1`, sql`subject_id=1`)).delete(),
    returns: 2,
    removed: { Session: 2, Rec: 2, Chan: 4, Down: 4, Far: 2 },
  },
];

describe("cascading delete", () => {
  it.each(cases)("$id: $what", async ({ remove, returns, removed }) => {
    await using lab = await openCascadeLab();
    let count: number | undefined;
    expect(
      await removedBy(lab, async () => {
        count = await remove(lab.tables);
      }),
    ).toEqual(removed);
    expect(count).toBe(returns);
  });

  it("R-379: a restriction reaches a child only through the foreign key, not through a namesake", async () => {
    await using lab = await openCascadeLab();
    await lab.insert(lab.bindings["Tag"] as TableBinding, [{ subject_id: 2, name: "n1" }]);
    const removed = await removedBy(lab, () => table(lab.tables, "Subject").where(sql`name='n1'`).delete());
    expect(removed).toEqual({ Subject: 1, Session: 2, Rec: 2, Chan: 4, Down: 4, Pair: 2, Far: 2 });
    expect(await table(lab.tables, "Tag").count()).toBe(1);
  });

  it("R-380: rows of a part are not deleted without their master", async () => {
    await using lab = await openCascadeLab();
    const removed = await removedBy(lab, () =>
      expect(table(lab.tables, "Chan").where(sql`ch=1`).delete()).rejects.toMatchObject({
        code: "part-without-master",
      }),
    );
    expect(removed).toEqual({});
  });

  it("R-385: a limited query is refused and deletes nothing", async () => {
    await using lab = await openCascadeLab();
    const limited = table(lab.tables, "Session").limit(1) as Selection<AnyHeading>;
    const removed = await removedBy(lab, () =>
      expect(limited.delete()).rejects.toMatchObject({
        code: "invalid-query",
        message: expect.stringContaining("limited"),
      }),
    );
    expect(removed).toEqual({});
  });

  it("refuses a whole table, also behind restrictions that restrict nothing, unless all is said", async () => {
    await using lab = await openCascadeLab();
    const subject = table(lab.tables, "Subject");
    for (const whole of [subject, subject.where({}), subject.where(), subject.matching({ zzz: 1 })])
      await expect(whole.delete()).rejects.toMatchObject({
        code: "invalid-query",
        hint: expect.stringContaining("all: true"),
      });
    expect(await subject.count()).toBe(4);
    expect(await subject.delete({ all: true })).toBe(4);
    expect(await lab.counts()).toMatchObject({ Subject: 0, Session: 0, Chan: 0, Down: 0, Far: 0, Note: 1 });
  });

  it("rolls back when a part would lose rows through another parent and its master none", async () => {
    await using lab = await openCascadeLab();
    const schema = lab.schema("other");
    const probe = schema.define("manual", "Probe", "probe : int32");
    const block = schema.define("manual", "Block", "block : int32");
    const use = schema.definePart(block, "Use", "-> master\n-> Probe", { Probe: lab.query(probe) });
    await lab.insert(probe, [{ probe: 1 }, { probe: 2 }]);
    await lab.insert(block, [{ block: 1 }, { block: 2 }]);
    await lab.insert(use, [
      { block: 1, probe: 1 },
      { block: 2, probe: 2 },
    ]);
    const one = lab.query(probe).where({ probe: 1 });
    await expect(one.delete()).rejects.toMatchObject({ code: "part-without-master" });
    expect(await lab.query(use).count()).toBe(2);
    expect(await one.delete({ parts: "cascade" })).toBe(1);
    expect(await lab.query(block).keys()).toEqual([{ block: 2 }]);
    expect(await lab.query(use).keys()).toEqual([{ block: 2, probe: 2 }]);
  });

  it("deletes more keys than fit into one statement", async () => {
    await using lab = await openCascadeLab();
    const big = lab.schema("big").define("manual", "Big", "a : int32\nb : varchar(8)");
    const rows = Array.from({ length: 2500 }, (_, a) => ({ a, b: `b${a % 7}` }));
    await lab.insert(big, rows);
    expect(
      await lab
        .query(big)
        .where({ a: { lt: 2400 } })
        .delete(),
    ).toBe(2400);
    expect(await lab.query(big).count()).toBe(100);
  });

  it("R-391: runs inside an open transaction, which decides", async () => {
    await using lab = await openCascadeLab();
    const subject = table(lab.tables, "Subject");
    await expect(
      lab.transaction(async () => {
        expect(await subject.where({ subject_id: 0 }).delete()).toBe(1);
        expect(await subject.count()).toBe(3);
        throw new Error("changed my mind");
      }),
    ).rejects.toThrow("changed my mind");
    expect(await subject.count()).toBe(4);
  });

  it("a refused delete inside a transaction undoes only itself", async () => {
    await using lab = await openCascadeLab();
    const subject = table(lab.tables, "Subject");
    await lab.transaction(async () => {
      await subject.where({ subject_id: 0 }).delete();
      await expect(table(lab.tables, "Chan").where({ ch: 1 }).delete()).rejects.toMatchObject({
        code: "part-without-master",
      });
    });
    expect(await subject.count()).toBe(3);
  });

  it("deletes the row of a table without key attributes", async () => {
    await using lab = await openCascadeLab();
    const single = lab.schema("one").define("manual", "Setting", "---\nv : int32");
    await lab.insert(single, [{ v: 3 }]);
    expect(await lab.query(single).where({ v: 4 }).delete()).toBe(0);
    expect(await lab.query(single).where({ v: 3 }).delete()).toBe(1);
    expect(await lab.query(single).count()).toBe(0);
  });

  it.each([
    ["projection", (t: Selection<AnyHeading>) => t.proj()],
    ["join", (t: Selection<AnyHeading>) => t.join(t)],
    ["ordered", (t: Selection<AnyHeading>) => t.orderBy("KEY")],
  ])("refuses to delete from a %s", async (word, make) => {
    await using lab = await openCascadeLab();
    const query = make(table(lab.tables, "Subject")) as Selection<AnyHeading>;
    await expect(query.delete({ all: true })).rejects.toMatchObject({
      code: "invalid-query",
      message: expect.stringContaining(word),
    });
  });
});
