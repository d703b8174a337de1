import { expect } from "vitest";
import type { PythonValue } from "../client/values.ts";
import { onBothDatabases } from "../environment/scenarios.ts";
import { blobValues, plain } from "./blob-values.ts";

const definition = `
  id : int32
  ---
  inline = null : <blob>
  stored = null : <blob@main>
  folded = null : <blob@raw>
`;

const mortiseRows = (first: number) => [
  ...blobValues.map(({ mortise: value }, n) => ({ id: first + n, inline: value, stored: value, folded: value })),
  { id: first + blobValues.length, inline: null, stored: null, folded: null },
];

const pythonRows = (first: number): PythonValue => [
  ...blobValues.map(({ python: value }, n) => ({ id: first + n, inline: value, stored: value, folded: value })),
  { id: first + blobValues.length, inline: null, stored: null, folded: null },
];

const declare = `
  schema = dj.Schema(name)
  @schema
  class Blob(dj.Manual):
      definition = text
`;
const read = "(Blob & f'id >= {first} and id < {first + 100}').to_dicts(order_by='id')";

onBothDatabases("blobs", ({ scenario }) => {
  scenario("arrays and nested values, inline and in stores: each reads what either wrote", async (lab) => {
    const name = lab.name("theirs");
    await lab.python.run(declare, { name, text: definition });
    const Blob = await lab.project.schema(name).table("Blob");
    await Blob.insert(mortiseRows(0));
    await lab.python.run("Blob.insert(rows_)", { rows_: pythonRows(100) });

    expect(await lab.python.run(read, { first: 100 })).toEqual(pythonRows(100));
    expect(await lab.python.run(read, { first: 0 })).toEqual(pythonRows(0));
    const fetched = (first: number) =>
      Blob.where({ id: { gte: first, lt: first + 100 } })
        .orderBy("id")
        .fetch();
    expect(plain(await fetched(0))).toEqual(plain(mortiseRows(0)));
    expect(plain(await fetched(100))).toEqual(plain(mortiseRows(100)));
  });

  scenario("what both languages store is stored once", async (lab) => {
    const name = lab.name("once");
    const schema = lab.project.schema(name);
    const Blob = schema.manual("Blob", definition) as unknown as Awaited<ReturnType<typeof schema.table>>;
    const summary = await Blob.insert(mortiseRows(0));
    const before = await lab.objects(`_hash/${name}`);
    expect(before).toHaveLength(blobValues.length);
    expect(summary.uploaded).toBe(2 * blobValues.length);

    await lab.python.run("Blob = spawn(name).Blob; Blob.insert(rows_)", { name, rows_: pythonRows(100) });
    expect(await lab.objects(`_hash/${name}`)).toEqual(before);
    const again = await Blob.insert(mortiseRows(200));
    expect(again).toMatchObject({ uploaded: 0, deduplicated: 2 * blobValues.length });
    expect(await lab.objects(`_hash/${name}`)).toEqual(before);
  });
});
