import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { onBackend } from "../../test/database/provided.ts";
import { type Lab, openLab } from "../../test/lab.ts";
import { not, sql } from "../query/index.ts";

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab[Symbol.asyncDispose]());

async function subjects(...conditions: readonly unknown[]): Promise<unknown[]> {
  const rows = await lab.Subject.where(...(conditions as never[]))
    .orderBy("KEY")
    .fetch();
  return rows.map((row) => row["subject_id"]);
}

describe("values by attribute", () => {
  const cases: readonly (readonly [string, unknown, readonly number[]])[] = [
    ["a list", { subject_id: [1, 3, 9] }, [1, 3]],
    ["a list with null", { dob: ["2020-01-02", null] }, [1, 2, 4]],
    ["a list of null alone", { dob: [null] }, [2, 4]],
    ["an empty list", { subject_id: [] }, []],
    ["in", { subject_id: { in: [2, 4] } }, [2, 4]],
    ["eq and ne", { subject_id: { ne: 2 }, sex: { eq: "M" } }, [3]],
    ["eq null", { dob: { eq: null } }, [2, 4]],
    ["ne null", { dob: { ne: null } }, [1, 3]],
    ["a range", { subject_id: { gt: 1, lte: 3 } }, [2, 3]],
    ["a range of dates", { dob: { gte: "2020-01-02", lt: "2021-01-01" } }, [1]],
    // The letter case is the database's: only PostgreSQL tells `n` from `N`.
    ["like", { name: { like: "%n%" } }, onBackend({ sqlite: [1, 4], mysql: [1, 4], postgresql: [1] })],
    ["like with a pattern that is longer than the column", { name: { like: `${"_".repeat(30)}%` } }, []],
    ["a list of keys", [{ subject_id: 1 }, { subject_id: 4 }], [1, 4]],
    [
      "a list of several values each",
      [
        { subject_id: 1, sex: "F" },
        { sex: "F", subject_id: 2 },
      ],
      [1],
    ],
    ["a list of unlike mappings", [{ subject_id: 1 }, { sex: "M" }], [1, 2, 3]],
    ["not a list of keys", not([{ subject_id: 1 }, { subject_id: 2 }]), [3, 4]],
    ["a list inside a list", [[{ subject_id: 1 }], { subject_id: 2 }], [1, 2]],
    ["a JSON path compared", { "meta.a": { gt: 1 } }, [3]],
    ["a JSON path of text", { "meta.b.c": ["x", "y"] }, [1]],
  ];
  it.each(cases)("%s", async (_what, condition, expected) => {
    expect(await subjects(condition)).toEqual(expected);
  });

  it("several thousand alternatives are neither too deep nor too many", async () => {
    const keys = Array.from({ length: 5000 }, (_, subject_id) => ({ subject_id }));
    expect(await subjects(keys)).toEqual([1, 2, 3, 4]);
    const unlike = keys.map((key, index) => (index % 2 === 0 ? key : { ...key, sex: "M" }));
    expect(await subjects(unlike)).toEqual([2, 3, 4]);
  });

  it("says so when a list is too long for one statement", async () => {
    const list = Array.from(
      { length: onBackend({ sqlite: 40_000, mysql: 70_000, postgresql: 70_000 }) },
      (_, index) => index,
    );
    await expect(subjects({ subject_id: list })).rejects.toMatchObject({ code: "invalid-restriction" });
  });
});

describe("what is refused", () => {
  it.each([
    ["undefined", { name: undefined }],
    ["undefined in a list", { name: ["a", undefined] }],
    ["a class instance", new Map([["name", 1]])],
    ["a Date", new Date()],
    ["a function", () => true],
    ["a symbol", Symbol("x")],
    ["text in a list", ["subject_id = 1"]],
    ["null in a list", [null]],
  ])("at once: %s", (_what, condition) => {
    expect(() => lab.Subject.where(condition as never)).toThrow(
      expect.objectContaining({ code: "invalid-restriction" }),
    );
  });

  it.each([
    ["an unknown name", { nmae: "Ann" }],
    ["an unknown name beside false", [false, { nmae: 1 }]],
    ["an unknown name in a list of keys", [{ subject_id: 1 }, { sbject_id: 2 }]],
    ["an unknown comparison", { subject_id: { greater: 1 } }],
    ["an empty comparison", { subject_id: {} }],
    ["undefined in a comparison", { subject_id: { gt: undefined } }],
    ["null in an ordering", { subject_id: { gt: null } }],
    ["a list inside a list of values", { subject_id: [[1]] }],
    ["json as a whole", { meta: { a: 1 } }],
    ["a path into a column that is not json", { "name.a": 1 }],
    ["a path that can't be read", { "meta.": 1 }],
    ["a path with an unknown type", { "meta.a:thing": 1 }],
    ["like for a number", { subject_id: { like: "1%" } }],
    ["a hidden column", { _singleton: 1 }],
    ["a fragment as a value", { name: sql`'Ann'` }],
    ["an identifier that is none", sql`${sql.id("nmae")} = 1`],
  ])("before anything is sent: %s", async (_what, condition) => {
    await expect(subjects(condition)).rejects.toMatchObject({ code: "invalid-restriction" });
  });

  it.each([
    ["text for an integer", { subject_id: "one" }],
    ["a fraction for an integer", { subject_id: 1.5 }],
    ["a date that is none", { dob: "2020-13-01" }],
    ["a value that the enum lacks", { sex: "X" }],
  ])("with the value's own error: %s", async (_what, condition) => {
    await expect(subjects(condition)).rejects.toMatchObject({ name: "ValueError" });
  });

  it("lists the known names and suggests the nearest", async () => {
    const error: unknown = await subjects({ nmae: 1 }).catch((e: unknown) => e);
    expect(error).toMatchObject({ hint: 'did you mean "name"?', message: expect.stringContaining("subject_id, name") });
  });

  it("undefined of a known name also for matching(), unknown names not", async () => {
    await expect(lab.Subject.matching({ zzz: undefined, subject_id: undefined }).fetch()).rejects.toMatchObject({
      code: "invalid-restriction",
    });
    expect(await lab.Subject.matching({ zzz: undefined, subject_id: 1 }).count()).toBe(1);
  });
});

describe("the sql tag", () => {
  it("binds values of every kind and nests", async () => {
    const old = sql`subject_id >= ${3n}`;
    expect(await subjects(sql`${old} AND sex = ${"F"} OR ${sql.id("name")} = ${"Ann"}`)).toEqual([1, 4]);
    expect(await subjects(sql`${true} = ${true}`)).toEqual([1, 2, 3, 4]);
    expect(await subjects(sql`coalesce(dob, ${null}) IS NULL`)).toEqual([2, 4]);
  });

  it("refuses to be called like a function, and values that can't be bound", () => {
    expect(() => sql("subject_id = 1" as never)).toThrow(expect.objectContaining({ code: "invalid-query" }));
    for (const value of [undefined, Number.NaN, [1], {}, new Date()])
      expect(() => sql`subject_id = ${value}`).toThrow(expect.objectContaining({ code: "invalid-restriction" }));
  });

  it("a misspelt name in a restricting query is not looked for in the query around it", async () => {
    for (const text of [sql`name = 'Ann'`, sql`NAME = 'Ann'`])
      await expect(subjects(lab.Session.where(text))).rejects.toMatchObject({ code: "invalid-restriction" });
  });

  it("words of SQL, functions and quoted text are no names", async () => {
    expect(await subjects(sql`case when upper(name) like 'B%' then 1 else 0 end = 1`)).toEqual([2]);
    expect(await subjects(sql`name = 'some unknown words' or cast(subject_id as decimal) between 1 and 2`)).toEqual([
      1, 2,
    ]);
  });

  it("no text value can change the statement", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: "binary", maxLength: 20 }).filter((s) => !/[\0\uD800-\uDFFF]/.test(s)),
        async (text) => {
          const expected = text === "Ann" ? [1] : [];
          expect(await subjects({ name: text })).toEqual(expected);
          expect(await subjects(sql`name = ${text}`)).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("where and its negation share no row, and together have all without null", async () => {
    const part = fc.record(
      {
        subject_id: fc.oneof(
          fc.integer({ min: 0, max: 5 }),
          fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 3 }),
        ),
        sex: fc.constantFrom("M", "F"),
        name: fc.record({ gt: fc.constantFrom("A", "Bob", "Cz") }),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(part, fc.array(part, { maxLength: 3 })), async (condition) => {
        const [yes, no] = [await subjects(condition), await subjects(not(condition))];
        expect(new Set([...yes, ...no])).toEqual(new Set([1, 2, 3, 4]));
        expect(yes.length + no.length).toBe(4);
      }),
      { numRuns: 100 },
    );
  });
});
