import { describe, expect, it } from "vitest";
import { openCascadeLab } from "../../test/cascade-lab.ts";
import { openTestProject } from "../../test/test-project.ts";
import type { TableBinding } from "../context.ts";
import { dropTable } from "./drop-table.ts";

const named = (tables: readonly { schema: string; table: string }[]): string[] =>
  tables.map(({ schema, table }) => `${schema}.${table}`);

describe("drop", () => {
  it("drops a table with all that depends on it, leaves first, and the lineage of each", async () => {
    await using lab = await openCascadeLab();
    const session = lab.bindings["Session"] as TableBinding;
    await expect(dropTable(session)).rejects.toMatchObject({
      code: "integrity",
      message: expect.stringContaining("lab2.far"),
    });
    const dropped = named(await dropTable(session, { dependents: true }));
    expect([...dropped].sort()).toEqual(["lab.down", "lab.rec", "lab.rec__chan", "lab.session", "lab2.far"]);
    expect(dropped.at(-1)).toBe("lab.session");
    expect(dropped.indexOf("lab.down")).toBeLessThan(dropped.indexOf("lab.rec__chan"));
    expect(dropped.indexOf("lab.rec__chan")).toBeLessThan(dropped.indexOf("lab.rec"));
    const { catalog } = lab.database;
    expect([...(await catalog.tableNames(lab.database, "lab"))].sort()).toEqual(["note", "pair", "subject", "tag"]);
    const lineage = await catalog.lineage(lab.database, "lab");
    expect([...new Set(lineage?.map((row) => row.table))].sort()).toEqual(["note", "pair", "subject", "tag"]);
    expect(await lab.tables["Subject"]?.count()).toBe(4);
  });

  it("a master takes its parts along without being asked", async () => {
    await using project = await openTestProject();
    const schema = project.schema("lab");
    const master = schema.define("manual", "Block", "block : int32");
    const part = schema.definePart(master, "Use", "-> master\nn : int8");
    await part.heading();
    await expect(dropTable(part)).rejects.toMatchObject({ code: "part-without-master" });
    expect(named(await dropTable(master))).toEqual(["lab.block__use", "lab.block"]);
    expect(await project.database.catalog.tableNames(project.database, "lab")).toEqual([]);
  });

  it("a part can be dropped alone if that is said", async () => {
    await using project = await openTestProject();
    const schema = project.schema("lab");
    const master = schema.define("manual", "Block", "block : int32");
    const part = schema.definePart(master, "Use", "-> master\nn : int8");
    await part.heading();
    expect(named(await dropTable(part, { parts: "ignore" }))).toEqual(["lab.block__use"]);
  });

  it("a table that was never declared is not declared to be dropped", async () => {
    await using project = await openTestProject();
    const table = project.schema("lab").define("manual", "Block", "block : int32");
    expect(await dropTable(table)).toEqual([]);
  });

  it("is refused inside a transaction", async () => {
    await using project = await openTestProject();
    const table = project.schema("lab").define("manual", "Block", "block : int32");
    await table.heading();
    await project.transaction(async () => {
      await expect(dropTable(table)).rejects.toMatchObject({ code: "invalid-query" });
    });
    expect(await project.query(table).count()).toBe(0);
  });
});
