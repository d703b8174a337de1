import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Lab, openLab } from "../../test/lab.ts";
import type { AnyHeading, Query } from "../types/index.ts";
import { all, not, sql, unchecked, universal } from "./index.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab[Symbol.asyncDispose]());

/** Values of one column, in order of the key. */
async function ids(query: Query<AnyHeading>, column = "subject_id"): Promise<unknown[]> {
  const rows = await query.orderBy("KEY").fetch();
  return rows.map((row) => row[column]);
}

/** `subject.session` of every row. */
async function sessions(query: Query<AnyHeading>): Promise<string[]> {
  const rows = await query.orderBy("KEY").fetch();
  return rows.map((row) => `${String(row["subject_id"])}.${String(row["session"])}`);
}

type Case = readonly [id: string, what: string, query: (lab: Lab) => Query<AnyHeading>, expected: readonly unknown[]];

describe("restriction by values, lists and SQL", () => {
  const cases: readonly Case[] = [
    ["R-165", "the whole table", ({ Subject }) => Subject, [1, 2, 3, 4]],
    ["R-166", "SQL text", ({ Subject }) => Subject.where(sql`subject_id > ${2}`), [3, 4]],
    ["R-167", "a percent sign in SQL", ({ Subject }) => Subject.where(sql`name like 'A%'`), [1]],
    ["R-168", "values with a quote", ({ Subject }) => Subject.where({ subject_id: 4, name: "O'Neil" }), [4]],
    ["R-169", "null", ({ Subject }) => Subject.where({ dob: null }), [2, 4]],
    ["R-170", "only unknown keys of a record", ({ Subject }) => Subject.matching({ zzz: 1 }), [1, 2, 3, 4]],
    ["R-171", "an unknown key beside a known one", ({ Subject }) => Subject.matching({ zzz: 1, sex: "M" }), [2, 3]],
    ["R-172", "an empty mapping", ({ Subject }) => Subject.where({}), [1, 2, 3, 4]],
    ["R-172", "an empty record", ({ Subject }) => Subject.matching({}), [1, 2, 3, 4]],
    ["R-173", "a date", ({ Subject }) => Subject.where({ dob: "2020-01-02" }), [1]],
    ["R-173", "a Date", ({ Subject }) => Subject.where({ dob: new Date("2020-01-02T00:00:00Z") }), [1]],
    ["R-176", "a JSON path", ({ Subject }) => Subject.where({ "meta.b.c": "x" }), [1]],
    ["R-177", "a JSON path with type", ({ Subject }) => Subject.where({ "meta.a:unsigned": 2 }), [3]],
    ["R-178", "null at a JSON path", ({ Subject }) => Subject.where({ "meta.a": null }), [2, 4]],
    [
      "R-179",
      "a list means or",
      ({ Subject }) => Subject.where([{ subject_id: 1 }, { subject_id: 2 }, sql`sex='F'`]),
      [1, 2, 4],
    ],
    ["R-180", "an empty list matches nothing", ({ Subject }) => Subject.where([]), []],
    ["R-181", "nothing is removed by an empty list", ({ Subject }) => Subject.where(not([])), [1, 2, 3, 4]],
    ["R-182", "true in a list", ({ Subject }) => Subject.where([true, { subject_id: 1 }] as never), [1, 2, 3, 4]],
    ["R-183", "false in a list", ({ Subject }) => Subject.where([false, { subject_id: 1 }] as never), [1]],
    ["R-184", "true", ({ Subject }) => Subject.where(true as never), [1, 2, 3, 4]],
    ["R-185", "false", ({ Subject }) => Subject.where(false as never), []],
    ["R-186", "not true", ({ Subject }) => Subject.where(not(true as never)), []],
    ["R-187", "several conditions", ({ Subject }) => Subject.where(sql`sex='M'`, { subject_id: 3 }), [3]],
    ["R-187", "all()", ({ Subject }) => Subject.where(all(sql`sex='M'`, { subject_id: 3 })), [3]],
    ["R-188", "no conditions", ({ Subject }) => Subject.where(), [1, 2, 3, 4]],
    ["R-188", "all() of none", ({ Subject }) => Subject.where(all()), [1, 2, 3, 4]],
    ["R-189", "a negation", ({ Subject }) => Subject.where(not({ subject_id: 1 })), [2, 3, 4]],
    ["R-190", "a double negation", ({ Subject }) => Subject.where(not(not({ subject_id: 1 }))), [1]],
    ["R-199", "every value of a column", ({ Subject }) => Subject.where(universal("name")), [1, 2, 3, 4]],
    ["R-199", "no value of a column", ({ Subject }) => Subject.where(not(universal("name"))), []],
    ["R-191", "removing by one value", ({ Subject }) => Subject.where(not({ subject_id: 1 })), [2, 3, 4]],
  ];
  it.each(cases)("%s: %s", async (_id, _what, query, expected) => {
    expect(await ids(query(lab))).toEqual(expected);
  });

  const pairs: readonly Case[] = [
    ["R-174", "a float", ({ Session }) => Session.where({ score: 2.0 }), ["2.1"]],
    ["R-175", "a decimal in text", ({ Session }) => Session.where({ score: "0.50" }), ["1.1"]],
    [
      "R-192",
      "the negation of two values negates both together",
      ({ Session }) => Session.where(not({ subject_id: 1, session: 1 })),
      ["1.2", "2.1", "3.1"],
    ],
    [
      "R-193",
      "the negation of several conditions negates them together",
      ({ Session }) => Session.where(not(all(sql`subject_id=1`, sql`session=1`))),
      ["1.2", "2.1", "3.1"],
    ],
    [
      "R-194",
      "the negation of a list of one mapping",
      ({ Session }) => Session.where(not([{ subject_id: 1, session: 1 }])),
      ["1.2", "2.1", "3.1"],
    ],
  ];
  it.each(pairs)("%s: %s", async (_id, _what, query, expected) => {
    expect(await sessions(query(lab))).toEqual(expected);
  });

  it("R-165: columns come in the order of the heading, the key first", async () => {
    const row = await lab.Subject.where({ subject_id: 1 }).fetchOne();
    expect(row).toEqual({ subject_id: 1, name: "Ann", sex: "F", dob: "2020-01-02", meta: { a: 1, b: { c: "x" } } });
    expect(Object.keys(row)).toEqual(["subject_id", "name", "sex", "dob", "meta"]);
  });

  it.each([
    ["R-195", "a number", 5],
    ["R-196", "null", null],
    ["R-196", "undefined", undefined],
    ["R-166", "a bare string", "subject_id > 2"],
  ])("%s: refuses %s as a condition", (_id, _what, condition) => {
    expect(() => lab.Subject.where(condition as never)).toThrow(
      expect.objectContaining({ code: "invalid-restriction" }),
    );
  });

  it("R-197: refuses an unknown lower-case name in SQL before it is sent", async () => {
    await expect(lab.Subject.where(sql`foo = 1`).fetch()).rejects.toMatchObject({ code: "invalid-restriction" });
  });

  it("R-198: leaves upper-case names to the database, which refuses them", async () => {
    await expect(lab.Subject.where(sql`FOO = 1`).fetch()).rejects.toMatchObject({ code: "unknown-attribute" });
  });
});

describe("restriction by a query", () => {
  const cases: readonly Case[] = [
    ["R-200", "a table", ({ Subject, Session }) => Subject.where(Session), [1, 2, 3]],
    ["R-201", "rows without a match", ({ Subject, Session }) => Subject.where(not(Session)), [4]],
    ["R-202", "a restricted table", ({ Subject, Session }) => Subject.where(Session.where(sql`session=2`)), [1]],
    ["R-204", "a nullable column on the right", ({ Subject, Visit }) => Subject.where(Visit), [1, 3]],
    ["R-205", "null on the right removes nothing", ({ Subject, Visit }) => Subject.where(not(Visit)), [2, 4]],
    ["R-206", "a list of tables", ({ Subject, Session, Visit }) => Subject.where([Session, Visit]), [1, 2, 3]],
    ["R-208", "no check of origins", ({ Subject, Other }) => Subject.where(unchecked(Other)), [1]],
    ["R-209", "no common column, and rows", ({ Subject, Pair }) => Subject.where(Pair), [1, 2, 3, 4]],
    ["R-210", "no common column, no rows", ({ Subject, Pair }) => Subject.where(Pair.where(sql`src=9`)), []],
    [
      "R-211",
      "a column renamed on the way keeps its origin",
      ({ Subject, Pair }) => Subject.where(Pair.proj({ subject_id: "src", d: "dst" })),
      [1, 2],
    ],
    [
      "R-212",
      "a limited query counts its limit first",
      ({ Subject, Session }) => Subject.where(Session.where(sql`score > 0`).orderBy("score desc").limit(1)),
      [2],
    ],
  ];
  it.each(cases)("%s: %s", async (_id, _what, query, expected) => {
    expect(await ids(query(lab))).toEqual(expected);
  });

  it("R-203: through a secondary foreign key", async () => {
    expect(await ids(lab.Visit.where(lab.Subject.where(sql`sex='F'`)), "visit")).toEqual([1]);
  });

  it("keeps rows whose own column is null when rows without a match are asked for", async () => {
    expect(await ids(lab.Visit.where(not(lab.Subject)), "visit")).toEqual([2]);
  });

  it("R-207: refuses columns of one name and different origins, and says how to go on", async () => {
    const error: unknown = await lab.Subject.where(lab.Other)
      .fetch()
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "invalid-query", hint: expect.stringContaining("unchecked") });
    expect(String(error)).toContain("name");
  });

  it("says how to match a table with itself by its key", async () => {
    const error: unknown = await lab.Subject.where(lab.Subject)
      .fetch()
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: "invalid-query", hint: expect.stringMatching(/^match by key: .*\.proj\(\)/) });
    expect(String(error)).toContain("which is no key of Subject");
    expect(await ids(lab.Subject.where(lab.Subject.proj()))).toEqual([1, 2, 3, 4]);
  });

  it("names matching only where it would help", async () => {
    const hintOf = (query: Query<AnyHeading>): Promise<unknown> =>
      query.fetch().catch((error: { readonly hint?: string }) => error.hint ?? "none");
    expect(await hintOf(lab.Subject.where({ zzzzzzzz: 1 }))).toContain("matching(record)");
    expect(await hintOf(lab.Subject.orderBy("zzzzzzzz"))).toBe("none");
    expect(await hintOf(lab.Subject.proj("zzzzzzzz"))).toBe("none");
    expect(await hintOf(lab.Subject.where(sql`zzzzzzzz = 1`))).toContain("upper case");
    expect(await hintOf(lab.Subject.where(sql`${sql.id("zzzzzzzz")} = 1`))).toBe("none");
  });
});
