import { executeAll, type InsertRequest } from "@mortise/sql";
import { sql } from "@mortise/sql/kysely";
import { describe, expect, it } from "vitest";
import { openPostgresLab, type PostgresLab } from "./postgres-lab.ts";

const tables = ["create schema lab", "create table lab.t (id int primary key, x text)"];

const rowsFrom = (start: number, count: number): InsertRequest["rows"] =>
  Array.from({ length: count }, (_, index) => [start + index, `x${start + index}`]);

const insertOf = (lab: PostgresLab, rows: InsertRequest["rows"]) =>
  lab.database.dialect.insert({ schema: "lab", table: "t", columns: ["id", "x"], primaryKey: ["id"], rows });

const idsOf = async (lab: PostgresLab): Promise<readonly unknown[]> =>
  (await lab.database.execute(sql`select id from lab.t order by id`)).rows.map((row) => row["id"]);

describe("an insert that PostgreSQL refuses", () => {
  it.each([1, 2, 500])("of %i rows leaves the rest of its transaction usable", async (count) => {
    await using lab = await openPostgresLab([...tables, "insert into lab.t values (1, 'first')"]);
    await using session = await lab.database.begin();
    await session.execute(sql`insert into lab.t values (-1, 'before')`);
    for (let round = 0; round < 2; round += 1) {
      const inserting = executeAll(session, insertOf(lab, rowsFrom(2 - count, count).toReversed()));
      await expect(inserting).rejects.toMatchObject({
        code: "duplicate",
        message: expect.stringContaining("same id") as unknown,
      });
    }
    expect(await executeAll(session, insertOf(lab, rowsFrom(2, count)))).toBe(count);
    await session.commit();
    expect(await idsOf(lab)).toHaveLength(2 + count);
  });

  it("outside a transaction inserts nothing", async () => {
    await using lab = await openPostgresLab([...tables, "insert into lab.t values (300, 'first')"]);
    await expect(executeAll(lab.database, insertOf(lab, rowsFrom(1, 500)))).rejects.toMatchObject({
      code: "duplicate",
    });
    expect(await idsOf(lab)).toEqual([300]);
  });
});

describe("a table with row-level security", () => {
  /** A role that COPY is refused to, though it may insert. */
  async function asGuest(work: (lab: PostgresLab) => Promise<void>): Promise<void> {
    await using lab = await openPostgresLab(tables);
    const role = `guest_${lab.options.name}`;
    await lab.raw.query(`create role "${role}" login password 'x'; grant usage on schema lab to "${role}";
      grant all on lab.t to "${role}"; alter table lab.t enable row level security;
      create policy small on lab.t using (true) with check (id < 1000000)`);
    try {
      const database = await lab.open({ user: role, password: "x" });
      await work({ ...lab, database });
      await database.close();
    } finally {
      await lab.raw.query(`drop owned by "${role}"; drop role "${role}"`);
    }
  }

  it("takes many rows all the same, inside a transaction and outside", async () => {
    await asGuest(async (lab) => {
      expect(await executeAll(lab.database, insertOf(lab, rowsFrom(0, 40_000)))).toBe(40_000);
      await using session = await lab.database.begin();
      expect(await executeAll(session, insertOf(lab, rowsFrom(50_000, 40_000)))).toBe(40_000);
      await session.commit();
      expect(await idsOf(lab)).toHaveLength(80_000);
    });
  });

  it("takes all of the rows or none", async () => {
    await asGuest(async (lab) => {
      const rows = [...rowsFrom(1, 40_000), [2_000_000, "hidden"]];
      await expect(executeAll(lab.database, insertOf(lab, rows))).rejects.toMatchObject({ code: "access" });
      await using session = await lab.database.begin();
      await session.execute(sql`insert into lab.t values (-1, 'before')`);
      await expect(executeAll(session, insertOf(lab, rows))).rejects.toMatchObject({ code: "access" });
      await session.commit();
      expect(await idsOf(lab)).toEqual([-1]);
    });
  });
});
