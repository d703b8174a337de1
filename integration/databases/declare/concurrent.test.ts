import type { Database, LineageRow } from "@mortise/sql";
import { describe, expect, it } from "vitest";
import { type DatabaseLab, openDatabaseLab } from "../lab/database-lab.ts";
import { defineTables, lineage } from "./tables.ts";

/** Programs that start at the same moment. */
const programs = 8;

async function lineageOf(database: Database, schema: string): Promise<readonly string[]> {
  const rows: readonly LineageRow[] = (await database.catalog.lineage(database, schema)) ?? [];
  return rows.map(({ table, attribute, lineage: origin }) => `${table}.${attribute} = ${origin}`).sort();
}

/** Every program declares everything, in its own order of schemas. */
async function declareAll(lab: DatabaseLab): Promise<void> {
  const projects = [lab.project];
  while (projects.length < programs) projects.push(await lab.again());
  const declaring = projects.map(async (project, index) => {
    const schemas = defineTables(project);
    for (const schema of index % 2 === 0 ? schemas : schemas.toReversed()) await schema.declare();
  });
  // Each result by itself: the first error must not hide the others, nor end the test while they go on.
  const results = await Promise.allSettled(declaring);
  expect(results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []))).toEqual([]);
}

describe("programs that declare the same tables at the same time", () => {
  it("all find them complete, with their lineage and contents, and none sees an error", async () => {
    await using lab = await openDatabaseLab();
    await declareAll(lab);
    await using database = await lab.place.open();
    for (const [schema, rows] of Object.entries(lineage)) expect(await lineageOf(database, schema)).toEqual(rows);
    const tables = await lab.project.schema("lab").tables();
    expect([...tables.keys()].sort()).toEqual(["Rig", "Session", "Session.Trial", "Subject"]);
    expect(await tables.get("Rig")?.orderBy("KEY").fetch()).toEqual([
      { rig: "a", kind: "new" },
      { rig: "b", kind: "old" },
    ]);
    // Each of them can write objects, under one identity of the database.
    const writers = await Promise.all(Array.from({ length: programs }, () => lab.again()));
    await tables.get("Subject")?.insertOne({ subject_id: 1, sex: "F" });
    await Promise.all(
      writers.map(async (project, index) => {
        const sessions = await project.schema("lab").table("Session");
        await sessions.insertOne({ subject_id: 1, day: `2024-01-0${index + 1}`, file: new Uint8Array([index]) });
      }),
    );
    expect(await tables.get("Session")?.count()).toBe(programs);
  });

  it("drop them with their lineage, and declare them again", async () => {
    await using lab = await openDatabaseLab();
    for (let round = 0; round < 3; round += 1) {
      await declareAll(lab);
      const tables = await lab.project.schema("lab").tables();
      await tables.get("Subject")?.drop({ dependents: true });
      await tables.get("Rig")?.drop();
      await using database = await lab.place.open();
      expect(await lineageOf(database, "lab")).toEqual([]);
      expect(await lineageOf(database, "far")).toEqual(["setting._singleton = far.setting._singleton"]);
      expect([...(await lab.project.schema("lab").tables()).keys()]).toEqual([]);
    }
  });
});
