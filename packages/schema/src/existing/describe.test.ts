import type { TableSpec } from "@mortise/sql";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { onBackend } from "../../test/database/provided.ts";
import { type Lab, openLab, refs } from "../../test/declare-lab.ts";
import type { TableBinding } from "../context.ts";
import type { SchemaTables } from "../declare/index.ts";
import { describeTable } from "./describe.ts";

interface Definition {
  readonly name: string;
  readonly text: string;
  /** The master, where it is a part. */
  readonly master?: string;
}

/** Declares tables that may refer to those before them. */
async function declare(schema: SchemaTables, definitions: readonly Definition[]): Promise<readonly TableBinding[]> {
  const known: Record<string, TableBinding> = {};
  const tables: TableBinding[] = [];
  for (const { name, text, master } of definitions) {
    const table =
      master === undefined
        ? schema.define("manual", name, text, refs(known))
        : schema.definePart(known[master] as TableBinding, name, text, refs(known));
    await table.heading();
    known[table.className] = table;
    tables.push(table);
  }
  return tables;
}

/** A table without the name of its schema, so that two can be compared. */
function comparable(spec: TableSpec): unknown {
  return JSON.parse(JSON.stringify(spec).replaceAll(`"schema":"${spec.schema}"`, '"schema":"-"')) as unknown;
}

/** Describes every table and declares the descriptions in another schema. */
async function again(lab: Lab, from: SchemaTables, to: SchemaTables, definitions: readonly Definition[]) {
  const texts: Definition[] = [];
  const before = await declare(from, definitions);
  for (const [index, table] of before.entries())
    texts.push({
      ...(definitions[index] as Definition),
      text: await describeTable(lab.project, from.schema, table.className),
    });
  const after = await declare(to, texts);
  return { texts: texts.map(({ text }) => text), before, after };
}

const shown: readonly (readonly [what: string, text: string])[] = [
  [
    "types, defaults and comments",
    `# Experimental subject
subject_id : int32  # unique id
---
name = 'it''s' : varchar(100)  # display name, # and all
sex = 'U' : enum('M','F','U')
dob = null : date
seen = CURRENT_TIMESTAMP(3) : datetime(3)
score = '0.5' : float64
price = '1.50' : decimal(8,2)
ok = '1' : bool
meta = null : json
raw = null : bytes`,
  ],
  ["codecs", "k : int8\n---\nb = null : <blob>\nc : <blob@main>  # traces\nd : <npy@main>\ne : <object@>"],
  ["a table that is nothing but key", "a : int16\nb : varchar(10)"],
  ["a singleton", "# one row\n---\nv = '1' : int32"],
  ["indexes", "k : int8\n---\na : int8\nb : varchar(10)\nindex (a, b)\nunique index (b)\nindex (a)"],
];

describe("describe", () => {
  it.each(shown)("gives back what was declared: %s", async (_what, text) => {
    await using lab = await openLab();
    const { texts, before, after } = await again(lab, lab.tables, lab.schema("lab2"), [{ name: "T", text }]);
    expect(texts).toEqual([text]);
    expect(comparable((await after[0]?.spec()) as TableSpec)).toEqual(
      comparable((await before[0]?.spec()) as TableSpec),
    );
  });

  it("gives back foreign keys with their options and names", async () => {
    await using lab = await openLab();
    const definitions: readonly Definition[] = [
      { name: "Subject", text: "subject_id : int32  # id" },
      { name: "Session", text: "-> Subject\nsession : int16\n---\nrig = '' : varchar(10)" },
      {
        name: "Trial",
        master: "Session",
        text: "-> master\ntrial : int8\n---\n-> [nullable] Subject.proj(seen='subject_id')",
      },
      {
        name: "Visit",
        text: "-> Subject.proj(first='subject_id')\n-> Subject.proj(second='subject_id')\n---\n-> [nullable, unique] Session.proj(a='subject_id', b='session')\n-> [unique] Session.Trial\nnote : varchar(5)",
      },
      { name: "Reused", text: "subject_id : int32\n-> Subject\n---\nk = null : int8\nindex (k)" },
    ];
    const { texts, before, after } = await again(lab, lab.tables, lab.schema("lab2"), definitions);
    // The last one has a comment of its own, so its line is needed.
    expect(texts).toEqual(definitions.map(({ text }) => text));
    for (const [index, table] of before.entries())
      expect(comparable((await after[index]?.spec()) as TableSpec)).toEqual(comparable(await table.spec()));
  });

  it("names tables of another schema with their schema", async () => {
    await using lab = await openLab();
    const [Subject] = await declare(lab.tables, [{ name: "Subject", text: "subject_id : int32" }]);
    const far = lab.schema("far");
    await far
      .define("manual", "Note", "-> Subject\n---\nt : varchar(9)", refs({ Subject: Subject as TableBinding }))
      .heading();
    const text = await describeTable(lab.project, "far", "Note");
    expect(text).toBe("-> lab.Subject\n---\nt : varchar(9)");
    const other = lab.schema("other").define("manual", "Note", text, refs({ "lab.Subject": Subject as TableBinding }));
    expect((await other.spec()).foreignKeys).toEqual(
      (await far.open("Note").then((table) => table.spec())).foreignKeys,
    );
  });

  it("finds tables by all their names, and says what there is", async () => {
    await using lab = await openLab();
    await lab.tables.define("lookup", "Rig", "rig : varchar(9)").heading();
    for (const name of ["Rig", "#rig", "rig"])
      expect(await describeTable(lab.project, "lab", name)).toBe("rig : varchar(9)");
    await expect(describeTable(lab.project, "lab", "Rigg")).rejects.toMatchObject({
      code: "missing-table",
      hint: "did you mean 'Rig'?",
    });
  });
});

const names = fc.uniqueArray(
  fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/).map((name) => `${name}_x`),
  { minLength: 8, maxLength: 8 },
);
const comment = fc.constantFrom("", "", "plain", 'it\'s -- "all" # of % {it}', "größe ü 測", String.raw`back\slash \n`);
const keyType = fc.constantFrom(
  "int8",
  "int32",
  "int64",
  "date",
  "varchar(30)",
  "enum('x','y')",
  "decimal(5,2)",
  "datetime(3)",
  "char(4)",
);
const otherType = fc.constantFrom(
  "float64 = '-0.5'",
  "int16 = '7'",
  "varchar(20) = 'a''b'",
  "json = null",
  "bytes = null",
  "uuid = null",
  "bool = '0'",
  "enum('b','a c') = 'a c'",
  "decimal(10,4) = '1.5000'",
  "datetime(6) = CURRENT_TIMESTAMP(6)",
  "date = '2024-02-29'",
  "<blob> = null",
  "<blob@main>",
  "<object@> = null",
  "float32",
);

/** A parent and a child that refers to it in up to three ways. */
const definitions = fc
  .record({
    names,
    title: comment,
    comments: fc.array(comment, { minLength: 8, maxLength: 8 }),
    keys: fc.array(keyType, { minLength: 1, maxLength: 3 }),
    others: fc.array(otherType, { maxLength: 4 }),
    ways: fc.array(fc.constantFrom("-> P", "->r P", "-> [nullable] P", "-> [unique] P", "-> [nullable, unique]r P"), {
      minLength: 1,
      maxLength: 3,
    }),
    index: fc.constantFrom("", "index", "unique index"),
  })
  .map(({ names, title, comments, keys, others, ways, index }): readonly Definition[] => {
    const line = (text: string, at: number): string => {
      const [type = "", value] = text.split(" = ");
      const note = comments[at] === "" ? "" : `  # ${comments[at]}`;
      return `${names[at]}${value === undefined ? "" : ` = ${value}`} : ${type}${note}`;
    };
    const keyLines = keys.map((type, at) => line(type, at));
    const otherLines = others.map((text, at) => line(text, at + 3));
    const head = title === "" ? [] : [`# ${title}`];
    const indexed = index === "" ? [] : [`${index} (${keys.map((_, at) => names[at]).join(", ")})`];
    const parent = [...head, ...keyLines, ...(otherLines.length > 0 ? ["---", ...otherLines] : []), ...indexed].join(
      "\n",
    );
    // The same name of a column for another way would be no second foreign key.
    const way = (text: string, at: number): string => {
      const renamed = text.includes("r P") || at > 0;
      const list = keys.map((_, key) => `w${at}_${key}='${names[key]}'`).join(", ");
      return text.replace("r P", " P").replace(/P$/, renamed ? `P.proj(${list})` : "P");
    };
    const [first = "-> P", ...rest] = ways;
    const child = [
      "own : int8",
      way(first.includes("nullable") ? "-> P" : first, 0),
      "---",
      ...rest.map((text, at) => way(text, at + 1)),
    ].join("\n");
    return [
      { name: "P", text: parent },
      { name: "C", text: rest.length === 0 ? child.replace("\n---", "") : child },
    ];
  });

describe("a description", () => {
  it("declares the same tables, and describes them the same", async () => {
    await using lab = await openLab();
    let round = 0;
    await fc.assert(
      fc.asyncProperty(definitions, async (generated) => {
        round += 1;
        const [from, to] = [lab.schema(`from_${round}`), lab.schema(`to_${round}`)];
        const { texts, before, after } = await again(lab, from, to, generated);
        for (const [index, table] of before.entries()) {
          expect(comparable((await after[index]?.spec()) as TableSpec)).toEqual(comparable(await table.spec()));
          expect(await describeTable(lab.project, to.schema, table.className)).toBe(texts[index]);
        }
      }),
      { numRuns: onBackend({ sqlite: 40, mysql: 8, postgresql: 8 }) },
    );
  });
});
