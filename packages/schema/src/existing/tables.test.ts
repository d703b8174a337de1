import { describe, expect, it } from "vitest";
import { openTestProject } from "../project/testing.ts";

const subject = "subject_id : int32";

describe("schema.tables", () => {
  it("gives every table by its class name, parents first and parts after their masters", async () => {
    await using test = await openTestProject();
    const lab = test.project.schema("lab");
    const Subject = lab.manual("Subject", subject);
    const Zone = lab.lookup("Zone", "zone : int8");
    const Area = lab.manual("Area", "-> Zone", { Zone });
    const Scan = lab.imported("Scan", "-> Subject", { Subject });
    const Cell = Scan.part("Cell", "-> master\n-> Area\ncell : int16", { Area });
    const Trace = lab.computed("Trace", "-> Scan.Cell", { "Scan.Cell": Cell });
    await lab.declare();

    const defined = await lab.tables();
    const names = [...defined.keys()];
    expect([...names].sort()).toEqual(["Area", "Scan", "Scan.Cell", "Subject", "Trace", "Zone"]);
    for (const [before, after] of [
      ["Subject", "Scan"],
      ["Scan", "Scan.Cell"],
      ["Zone", "Area"],
      ["Area", "Scan.Cell"],
      ["Scan.Cell", "Trace"],
    ] as const)
      expect(names.indexOf(before), `${before} before ${after}`).toBeLessThan(names.indexOf(after));
    expect(defined.get("Scan.Cell")).toBe(Cell);
    expect(defined.get("Trace")).toBe(Trace);
  });

  it("opens tables that another program has declared, to read and to write", async () => {
    await using test = await openTestProject();
    const first = test.project.schema("lab");
    const Subject = first.manual("Subject", subject);
    const Visit = first.manual("Visit", "-> Subject\n---\nnote = '' : varchar(9)", { Subject });
    Visit.part("Step", "-> master\nstep : int8");
    await first.declare();

    const tables = await (await test.again()).schema("lab").tables();
    expect([...tables.keys()]).toEqual(["Subject", "Visit", "Visit.Step"]);
    const [subjects, visits, steps] = ["Subject", "Visit", "Visit.Step"].map((name) => tables.get(name));
    await subjects?.insertOne({ subject_id: 1 });
    await visits?.insertOne({ subject_id: 1 });
    await steps?.insert([
      { subject_id: 1, step: 1 },
      { subject_id: 1, step: 2 },
    ]);
    expect(await visits?.join(steps ?? visits).fetch()).toEqual([
      { subject_id: 1, step: 1, note: "" },
      { subject_id: 1, step: 2, note: "" },
    ]);
    // A part knows its master: its rows go with the master's, not alone.
    await expect(steps?.delete({ all: true })).rejects.toMatchObject({ code: "part-without-master" });
    expect(await subjects?.delete({ all: true })).toBe(1);
    expect(await steps?.count()).toBe(0);
  });

  it("is empty for a schema that is not there", async () => {
    await using test = await openTestProject();
    const lab = test.project.schema("lab");
    expect(await lab.tables()).toEqual(new Map());
    expect(await lab.generateTypes()).toContain("export interface Tables {\n}");
    await expect(lab.describe("Session")).rejects.toMatchObject({ code: "missing-table" });
  });
});
