import { describe, expect, it } from "vitest";
import { openTestProject } from "../../../packages/schema/src/project/testing.ts";
import { openRaw } from "../lab/raw-client.ts";

const file = (id: number) => new Uint8Array([id]);

/** A table whose trigger drops rows with an id above 1, and says nothing. */
async function open() {
  const test = await openTestProject();
  const lab = test.project.schema("lab");
  const Plain = lab.manual("Plain", "id : int32\n---\nnote : varchar(20)");
  const Scan = lab.manual("Scan", "id : int32\n---\nfile : <object@>");
  await Plain.heading();
  await Scan.heading();
  await using raw = await openRaw(test.database);
  await raw.query("create function lab.drop_row() returns trigger language plpgsql as 'begin return null; end'");
  for (const table of ["plain", "scan"]) {
    await raw.query(`create trigger drops before insert on lab.${table} for each row when (new.id > 1)
      execute function lab.drop_row()`);
  }
  return { test, Plain, Scan, [Symbol.asyncDispose]: () => test[Symbol.asyncDispose]() };
}

const refusal = { name: "QueryError", code: "database", hint: expect.stringContaining("trigger") as unknown };

describe("rows that a trigger drops without an error", () => {
  it.each([{ skipDuplicates: false }, { skipDuplicates: true }])(
    "are no success, in few rows or many: %o",
    async (options) => {
      await using lab = await open();
      for (const count of [2, 60]) {
        const rows = Array.from({ length: count }, (_, index) => ({ id: index + 1, note: "x" }));
        await expect(lab.Plain.insert(rows, options)).rejects.toMatchObject(refusal);
      }
      expect(await lab.Plain.count()).toBe(0);
    },
  );

  it.each([{ skipDuplicates: false }, { skipDuplicates: true }])("leave no objects behind: %o", async (options) => {
    await using lab = await open();
    await lab.Scan.insertOne({ id: 1, file: file(1) });
    const rows = [0, 1, 2].slice(options.skipDuplicates ? 0 : 2).map((id) => ({ id, file: file(id) }));
    await expect(lab.Scan.insert(rows, options)).rejects.toMatchObject(refusal);
    expect([await lab.Scan.keys(), (await lab.test.objects()).length]).toEqual([[{ id: 1 }], 1]);
  });

  it("are not confused with rows that are skipped", async () => {
    await using lab = await open();
    await lab.Plain.insertOne({ id: 1, note: "a" });
    const summary = await lab.Plain.insert(
      [
        { id: 0, note: "b" },
        { id: 1, note: "c" },
      ],
      { skipDuplicates: true },
    );
    expect(summary).toMatchObject({ inserted: 1, skipped: 1 });
  });
});
