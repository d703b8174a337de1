import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onBackend } from "../../test/database/provided.ts";
import { type Lab, openLab } from "../../test/lab.ts";
import { sql, universal } from "../query/index.ts";
import type { AnyHeading, Query } from "../types/index.ts";

/** A constant with a point is a number of SQLite, and an exact one of the servers: text, as every decimal. */
const decimal = onBackend<unknown>({ sqlite: 2.5, mysql: "2.5", postgresql: "2.5" });
/** The highest two scores: PostgreSQL sorts what is unknown above everything. */
const byScore = onBackend({ sqlite: ["2.1", "3.1"], mysql: ["2.1", "3.1"], postgresql: ["1.2", "2.1"] });

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab[Symbol.asyncDispose]());

/** Columns with `*` before those of the key, and rows as lists in order of the key. */
async function result(query: unknown): Promise<{ columns: string; rows: unknown[][] }> {
  const asked = query as Query<AnyHeading>;
  const { attributes, primaryKey } = await asked.heading();
  const columns = attributes.map(({ name }) => (primaryKey.includes(name) ? `*${name}` : name)).join(", ");
  const rows = await asked.fetch();
  const sorted = rows.map((row) => Object.values(row)).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return { columns, rows: sorted };
}

type Case = readonly [id: string, query: (lab: Lab) => unknown, columns: string, rows: readonly (readonly unknown[])[]];
const men = (t: Lab) => t.Subject.where(sql`sex='M'`);
const best = (t: Lab) => t.Session.where(sql`score > 0`).orderBy("score desc").limit(1);

describe("projection", () => {
  const cases: readonly Case[] = [
    ["R-213", (t) => t.Subject.proj(), "*subject_id", [[1], [2], [3], [4]]],
    [
      "R-214",
      (t) => men(t).proj("name"),
      "*subject_id, name",
      [
        [2, "Bob"],
        [3, "Cy"],
      ],
    ],
    [
      "R-216",
      (t) => men(t).proj({ nick: "name" }),
      "*subject_id, nick",
      [
        [2, "Bob"],
        [3, "Cy"],
      ],
    ],
    [
      "R-217",
      (t) => men(t).proj("name", { nick: "name" }),
      "*subject_id, name, nick",
      [
        [2, "Bob", "Bob"],
        [3, "Cy", "Cy"],
      ],
    ],
    ["R-218", (t) => t.Subject.proj({ sid: "subject_id" }), "*sid", [[1], [2], [3], [4]]],
    [
      "R-219",
      (t) => t.Session.proj({ twice: sql`score*2` }),
      "*subject_id, *session, twice",
      [
        [1, 1, 1],
        [1, 2, null],
        [2, 1, 4],
        [3, 1, 2],
      ],
    ],
    [
      "R-220",
      (t) => t.Session.proj({ twice: sql`score*2` }).proj({ four: sql`twice*2` }),
      "*subject_id, *session, four",
      [
        [1, 1, 2],
        [1, 2, null],
        [2, 1, 8],
        [3, 1, 4],
      ],
    ],
    [
      "R-221",
      (t) => t.Session.proj({ twice: sql`score*2` }).where(sql`twice > 1`),
      "*subject_id, *session, twice",
      [
        [2, 1, 4],
        [3, 1, 2],
      ],
    ],
    [
      "R-222",
      (t) => t.Session.where(sql`score > 0`).proj({ twice: sql`score*2` }),
      "*subject_id, *session, twice",
      [
        [1, 1, 1],
        [2, 1, 4],
        [3, 1, 2],
      ],
    ],
    ["R-223", (t) => t.Subject.proj({ sid: "subject_id" }).where({ sid: 1 }), "*sid", [[1]]],
    ["R-223", (t) => t.Subject.proj({ sid: "subject_id" }).where(sql`sid = 1`), "*sid", [[1]]],
    [
      "R-225",
      (t) => t.Trial.proj({ one: sql`1` }),
      "*subject_id, *session, *trial, one",
      [
        [1, 1, 1, 1],
        [1, 1, 2, 1],
        [2, 1, 1, 1],
      ],
    ],
    [
      "R-226",
      (t) => t.Trial.proj({ half: sql`2.5` }),
      "*subject_id, *session, *trial, half",
      [
        [1, 1, 1, decimal],
        [1, 1, 2, decimal],
        [2, 1, 1, decimal],
      ],
    ],
    ["R-227", (t) => t.Other.proj({ n: sql`null` }), "*oid, n", [[1, null]]],
    [
      "R-232",
      (t) => men(t).proj({ name: "sex", sex: "name" }),
      "*subject_id, sex, name",
      [
        [2, "Bob", "M"],
        [3, "Cy", "M"],
      ],
    ],
  ];
  it.each(cases)("%s", async (_id, query, columns, rows) => {
    expect(await result(query(lab))).toEqual({ columns, rows });
  });

  it.each([
    ["R-228", "a renaming of an unknown attribute", (t: Lab) => t.Subject.proj({ x: "zzz" })],
    ["R-229", "an unknown attribute", (t: Lab) => t.Subject.proj("zzz")],
    ["R-230", "dropping the key", (t: Lab) => t.Subject.proj("-subject_id")],
    ["R-231", "two columns of one name", (t: Lab) => t.Subject.proj("name", { name: "sex" })],
    ["R-231", "a name of the key for another column", (t: Lab) => t.Subject.proj({ subject_id: "name" })],
  ])("%s: refuses %s", async (_id, _what, query) => {
    await expect(Promise.resolve().then(() => result(query(lab)))).rejects.toMatchObject({ code: "invalid-query" });
  });
});

describe("join", () => {
  const columns = "*subject_id, *session, rig, score, sex";
  const joined = [
    [1, 1, "r1", 0.5, "F"],
    [1, 2, "r2", null, "F"],
    [2, 1, "r1", 2, "M"],
    [3, 1, "r2", 1, "M"],
  ];
  const left = { left: true };
  const cases: readonly Case[] = [
    ["R-233", (t) => t.Subject.proj("sex").join(t.Session), columns, joined],
    ["R-234", (t) => t.Session.join(t.Subject.proj("sex")), columns, joined],
    [
      "R-235",
      (t) => (t.Subject.proj("sex").join(t.Session) as Query<AnyHeading>).join(t.Trial),
      "*subject_id, *session, *trial, rt, rig, score, sex",
      [
        [1, 1, 1, 0.25, "r1", 0.5, "F"],
        [1, 1, 2, 0.5, "r1", 0.5, "F"],
        [2, 1, 1, 1, "r1", 2, "M"],
      ],
    ],
    [
      "R-235",
      (t) => t.Trial.join(t.Subject.proj("sex").join(t.Session)),
      "*subject_id, *session, *trial, rt, rig, score, sex",
      [
        [1, 1, 1, 0.25, "r1", 0.5, "F"],
        [1, 1, 2, 0.5, "r1", 0.5, "F"],
        [2, 1, 1, 1, "r1", 2, "M"],
      ],
    ],
    [
      "R-236",
      (t) => t.Subject.where(sql`sex='M'`).proj("sex").join(t.Session.where(sql`session=1`)),
      columns,
      joined.slice(2),
    ],
    [
      "R-237",
      (t) => t.Visit.join(t.Subject.proj("sex")),
      "*visit, subject_id, sex",
      [
        [1, 1, "F"],
        [3, 3, "M"],
      ],
    ],
    [
      "R-238",
      (t) => t.Other.proj().join(t.Subject.proj()),
      "*oid, *subject_id",
      [
        [1, 1],
        [1, 2],
        [1, 3],
        [1, 4],
      ],
    ],
    ["R-239", (t) => (t.Session.join as Loose)(t.Subject.proj("sex"), left), columns, joined],
    [
      "R-240",
      (t) => (t.Visit.join as Loose)(t.Subject.proj("sex"), left),
      "*visit, subject_id, sex",
      [
        [1, 1, "F"],
        [2, null, null],
        [3, 3, "M"],
      ],
    ],
    [
      "R-243",
      (t) => t.Subject.proj({ t: sql`subject_id*2` }).join(t.Session.proj()),
      "*subject_id, *session, t",
      [
        [1, 1, 2],
        [1, 2, 2],
        [2, 1, 4],
        [3, 1, 6],
      ],
    ],
    ["R-244", (t) => best(t).join(t.Subject.proj("sex")), columns, [[2, 1, "r1", 2, "M"]]],
  ];
  it.each(cases)("%s", async (_id, query, names, rows) => {
    expect(await result(query(lab))).toEqual({ columns: names, rows });
  });

  it.each([
    [
      "R-241",
      "a left side that does not determine the right one",
      (t: Lab) => (t.Subject.join as Loose)(t.Session, left),
    ],
    ["R-242", "namesakes of different origin", (t: Lab) => t.Subject.join(t.Other)],
  ])("%s: refuses %s", async (_id, _what, query) => {
    await expect(result(query(lab))).rejects.toMatchObject({ code: "invalid-query" });
  });
});

type Loose = (other: unknown, options: object) => unknown;

describe("universal", () => {
  const cases: readonly Case[] = [
    ["R-257", (t) => universal("rig").of(t.Session), "*rig", [["r1"], ["r2"]]],
    [
      "R-258",
      (t) => universal("sex", "rig").of(t.Subject.join(t.Session)),
      "*sex, *rig",
      [
        ["F", "r1"],
        ["F", "r2"],
        ["M", "r1"],
        ["M", "r2"],
      ],
    ],
    [
      "R-257",
      (t) =>
        universal("rig")
          .of(t.Session.limit(1))
          .where({ rig: ["r1", "r2"] }),
      "*rig",
      [["r1"]],
    ],
  ];
  it.each(cases)("%s", async (_id, query, columns, rows) => {
    expect(await result(query(lab))).toEqual({ columns, rows });
  });

  it("R-283: counts each value once", async () => {
    expect(await universal("rig").of(lab.Session).count()).toBe(2);
  });

  it.each([
    ["R-259", "no column", (t: Lab) => universal().of(t.Session)],
    ["R-260", "an unknown column", (t: Lab) => universal("zz").of(t.Session)],
    ["R-262", "a join", (t: Lab) => t.Session.join(universal("rig") as never)],
    ["R-257", "a json column", (t: Lab) => universal("meta").of(t.Subject)],
  ])("%s: refuses %s", async (_id, _what, query) => {
    await expect(Promise.resolve().then(() => result(query(lab)))).rejects.toMatchObject({ code: "invalid-query" });
  });
});

describe("order and limit", () => {
  type Ordered = readonly [id: string, query: (lab: Lab) => unknown, rows: readonly string[]];
  const cases: readonly Ordered[] = [
    ["R-270", (t) => t.Session.limit(1), ["1.1"]],
    ["R-271", (t) => t.Session.orderBy("score desc").limit(2), byScore],
    ["R-272", (t) => t.Session.orderBy("KEY desc").limit(2, 1), ["2.1", "1.2"]],
    ["R-273", (t) => t.Session.orderBy("rig", "KEY"), ["1.1", "2.1", "1.2", "3.1"]],
    ["R-274", (t) => t.Session.limit(undefined as never, 3), ["3.1"]],
    ["R-275", (t) => t.Session.limit(3).limit(2), ["1.1", "1.2"]],
    ["R-276", (t) => t.Session.orderBy("KEY desc").limit(3).orderBy("KEY").limit(2), ["1.2", "2.1"]],
    ["R-277", (t) => t.Session.limit(3).where(sql`rig='r2'`), ["1.2"]],
  ];
  it.each(cases)("%s", async (_id, query, expected) => {
    const rows = await (query(lab) as Query<AnyHeading>).fetch();
    expect(rows.map((row) => `${String(row["subject_id"])}.${String(row["session"])}`)).toEqual(expected);
  });

  it("an order outlives a later restriction, projection and limit", async () => {
    const rows = await lab.Session.orderBy("score desc")
      .limit(3)
      .where({ rig: ["r1", "r2"] })
      .proj()
      .limit(2)
      .fetch();
    expect(rows.map((row) => `${String(row["subject_id"])}.${String(row["session"])}`)).toEqual(byScore);
  });

  it("an order outlives the renaming of its column", async () => {
    const renamed = lab.Session.orderBy("score desc").proj({ points: "score" }).limit(3);
    const rows = await renamed
      .where({ points: { gt: 0 } })
      .limit(2)
      .fetch();
    expect(rows.map((row) => row["points"])).toEqual([2, 1]);
  });

  it("a limit after a skip counts what the skip has left", async () => {
    expect(await lab.Session.limit(3, 1).limit(5, 1).keys()).toEqual([
      { subject_id: 2, session: 1 },
      { subject_id: 3, session: 1 },
    ]);
  });

  it.each([[-1], [1.5], ["2"], [undefined, -1], [Number.NaN]])("refuses limit(%s, %s)", (...values) => {
    expect(() => (lab.Session.limit as (...given: unknown[]) => unknown)(...values)).toThrow(
      expect.objectContaining({ code: "invalid-query" }),
    );
  });
});
