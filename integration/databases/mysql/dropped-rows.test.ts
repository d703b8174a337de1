import { expect, it } from "vitest";
import { openTestProject } from "../../../packages/schema/src/project/testing.ts";
import { openRaw } from "../lab/raw-client.ts";

it("a row that fails on the key of a trigger's table is not taken for one that is there already", async () => {
  await using test = await openTestProject();
  const Scan = test.project.schema("lab").manual("Scan", "id : int32\n---\nfile : <object@>");
  await Scan.heading();
  await using raw = await openRaw(test.database);
  await raw.query("create table lab.audit (id int primary key)");
  await raw.query("insert into lab.audit values (7)");
  await raw.query("create trigger lab.noted after insert on lab.scan for each row insert into lab.audit values (7)");
  for (const count of [1, 2]) {
    const rows = Array.from({ length: count }, (_, id) => ({ id, file: new Uint8Array([id]) }));
    await expect(Scan.insert(rows, { skipDuplicates: true })).rejects.toMatchObject({ name: "QueryError" });
  }
  expect([await Scan.count(), await test.objects()]).toEqual([0, []]);
});
