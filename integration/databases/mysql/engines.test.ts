import { expect, it } from "vitest";
import { openTestProject } from "../../../packages/schema/src/project/testing.ts";
import { openRaw } from "../lab/raw-client.ts";

it("a table whose engine does not roll back is read, and never written", async () => {
  await using test = await openTestProject();
  const definition = "id : int32\n---\nfile : <object@>";
  await test.project
    .schema("lab")
    .manual("Scan", definition)
    .insertOne({ id: 1, file: new Uint8Array([1]) });
  await using raw = await openRaw(test.database);
  await raw.query("alter table lab.scan engine = MyISAM");
  const again = await test.again();
  for (const Scan of [again.schema("lab").manual("Scan", definition), await again.schema("lab").table("Scan")]) {
    expect(await Scan.keys()).toEqual([{ id: 1 }]);
    const writes = [
      () => Scan.insertOne({ id: 2, file: new Uint8Array([2]) }),
      () => Scan.insert([{ id: 2, file: new Uint8Array([2]) }] as never, { skipDuplicates: true }),
      () => Scan.updateOne({ id: 1, file: new Uint8Array([2]) }),
      () => Scan.where({ id: 1 }).delete(),
    ];
    for (const write of writes) {
      await expect(write()).rejects.toMatchObject({ code: "database", message: expect.stringContaining("MyISAM") });
    }
    expect([await Scan.count(), (await test.objects()).length]).toEqual([1, 1]);
  }
});
