import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { AnyHeading, InsertSummary, Project, Table } from "@mortise/schema";
import { describe, expect, it } from "vitest";
import { onBackend } from "../../../packages/schema/test/database/provided.ts";
import { type DatabaseLab, openDatabaseLab } from "../lab/database-lab.ts";

const definition: string = "name : varchar(20)\n---\nfile : <object@>";
const scans = (project: Project<unknown>): Table<AnyHeading> =>
  project.schema("lab").manual("Scan", definition) as never;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const rowsOf = (names: readonly string[], by = "") => names.map((name) => ({ name, file: bytes(`${name}${by}`) }));

/** Paths of the objects in the store, and those that rows refer to; both sorted. */
async function objects(
  lab: DatabaseLab,
): Promise<{ readonly stored: readonly string[]; readonly named: readonly string[] }> {
  const found = await readdir(join(lab.folder, "main", "_schema"), { recursive: true, withFileTypes: true });
  const stored = found.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const rows = await scans(lab.project).fetch();
  const base = join(lab.folder, "main");
  return {
    stored: stored.map((path) => path.slice(base.length + 1)).sort(),
    named: rows.map((row) => (row["file"] as { readonly path: string }).path).sort(),
  };
}

function total(summaries: readonly InsertSummary[], count: "inserted" | "skipped"): number {
  return summaries.reduce((sum, summary) => sum + summary[count], 0);
}

describe("rows that are skipped as duplicates", () => {
  it("leave no object behind where another program inserts the same at the same time", async () => {
    await using lab = await openDatabaseLab();
    await scans(lab.project).heading();
    const programs = [lab.project, await lab.again(), await lab.again(), await lab.again()];
    const names = Array.from({ length: 40 }, (_, index) => `n${index}`);
    const summaries = await Promise.all(
      programs.map((project, index) =>
        scans(project).insert(rowsOf(index % 2 === 0 ? names : names.toReversed(), ` of ${index}`), {
          skipDuplicates: true,
        }),
      ),
    );
    expect(total(summaries, "inserted")).toBe(names.length);
    expect(total(summaries, "skipped")).toBe(names.length * (programs.length - 1));
    const { stored, named } = await objects(lab);
    expect(named).toHaveLength(names.length);
    expect(stored).toEqual(named);
  });

  it("are those that the database calls equal, in the table and among themselves", async () => {
    await using lab = await openDatabaseLab();
    const Scan = scans(lab.project);
    const equal = onBackend({ sqlite: 0, postgresql: 0, mysql: 1 });
    expect(await Scan.insert(rowsOf(["a", "b"]))).toMatchObject({ inserted: 2 });
    // Whether `A` is `a` is the business of the database's collation.
    expect(await Scan.insert(rowsOf(["A", "c", "C", "d"]), { skipDuplicates: true })).toMatchObject({
      inserted: 4 - 2 * equal,
      skipped: 2 * equal,
    });
    const inTransaction = await lab.project.transaction(() =>
      Scan.insert(rowsOf(["D", "e", "E"]), { skipDuplicates: true }),
    );
    expect(inTransaction).toMatchObject({ inserted: 3 - 2 * equal, skipped: 2 * equal });
    const batches = await Scan.insert(rowsOf(["f", "F", "g"]).values(), { skipDuplicates: true, batch: 1 });
    expect(batches).toMatchObject({ inserted: 3 - equal, skipped: equal });
    const { stored, named } = await objects(lab);
    expect(stored).toEqual(named);
    expect(named).toHaveLength(12 - 5 * equal);
  });

  it("are an error where they are not to be skipped, and then nothing of them stays", async () => {
    await using lab = await openDatabaseLab();
    const Scan = scans(lab.project);
    await Scan.insertOne({ name: "a", file: bytes("a") });
    const twins = onBackend({ sqlite: ["b", "b"], postgresql: ["b", "b"], mysql: ["b", "B"] });
    const taken = onBackend({ sqlite: ["a"], postgresql: ["a"], mysql: ["A"] });
    for (const names of [twins, taken])
      await expect(Scan.insert(rowsOf(names))).rejects.toMatchObject({ code: "duplicate" });
    const { stored, named } = await objects(lab);
    expect(stored).toEqual(named);
    expect(named).toHaveLength(1);
  });
});
