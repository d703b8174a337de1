import { describe, expect, it } from "vitest";
import { codecs, openLab } from "../../test/declare-lab.ts";

describe("codec columns", () => {
  it.each([
    ["J01", "x : <blob>", "bytes", "<blob>"],
    ["J02", "x : <blob@>", "json", "<blob@>"],
    ["J03", "x : <blob@a>", "json", "<blob@a>"],
    ["J04", "x : < blob @ a >", "json", "< blob @ a >"],
    ["J05", "x : <attach>", "bytes", "<attach>"],
    ["J05", "x : <attach@a>", "json", "<attach@a>"],
    ["J06", "x : <filepath@a>", "json", "<filepath@a>"],
    ["J07", "x : <blob@undefinedstore>", "json", "<blob@undefinedstore>"],
  ])("%s: `%s` is a %s column with marker %s", async (_id, line, type, marker) => {
    await using lab = await openLab();
    const Table = lab.tables.define("manual", "T", `k : int8\n---\n${line}  # my comment`);
    const column = (await Table.spec()).columns[1];
    expect(column).toMatchObject({ name: "x", marker, comment: "my comment", type: { name: type } });
    const attribute = (await Table.heading()).byName.get("x");
    expect(attribute?.declared).toBe(marker);
    expect(attribute?.codec?.codecs[0]?.name).toBe(/\w+/.exec(marker)?.[0]);
  });

  it.each([
    ["J08", "k : int8\n---\nx : <blob@a:b>"],
    ["J09", "x : <object@a>"],
    ["J11", "k : int8\n---\nx = 5 : <object@a>"],
  ])("%s: refuses %j, and nothing is created", async (_id, text) => {
    await using lab = await openLab();
    expect(() => lab.tables.define("manual", "T", text)).toThrow(expect.objectContaining({ name: "DefinitionError" }));
    await lab.tables.declareAll();
    expect(await lab.database.catalog.tableNames(lab.database, "lab")).toEqual([]);
  });

  it("J10: null is the only default, and makes the column nullable", async () => {
    await using lab = await openLab();
    const Table = lab.tables.define("manual", "T", "k : int8\n---\nx = null : <object@a>");
    expect((await Table.heading()).byName.get("x")).toMatchObject({ nullable: true, default: { kind: "null" } });
  });

  it("J13: a table with an unknown codec opens, with a placeholder for that attribute alone", async () => {
    await using lab = await openLab();
    await lab.tables.define("manual", "T", "k : int8\n---\nx : <object@a>\ny : <blob@a>\nz : int8").heading();
    const rest = codecs.filter(({ name }) => name !== "object");
    const heading = await (await lab.again({ codecs: rest }).open("T")).heading();
    expect(heading.byName.get("x")).toMatchObject({ unknownCodec: "object", declared: "<object@a>" });
    expect(heading.byName.get("x")?.codec).toBeUndefined();
    expect(heading.byName.get("y")?.codec).toBeDefined();
    expect(heading.byName.get("z")?.unknownCodec).toBeUndefined();
  });
});
