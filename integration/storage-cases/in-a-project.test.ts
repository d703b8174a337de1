import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ObjectRef } from "@mortise/codec-object";
import type { Codec } from "@mortise/core";
import { openProject } from "@mortise/schema";
import { describe, expect, it } from "vitest";
import { createLab, type Lab, plugins } from "../support/lab.ts";

/** Two file stores, of which one has folders by hash and is where user-managed files are looked for. */
async function createTwoStores(): Promise<Lab> {
  const lab = await createLab((folder) => ({
    stores: {
      default: "main",
      filepath_default: "raw",
      main: { protocol: "file", location: join(folder, "main") },
      raw: { protocol: "file", location: join(folder, "raw"), subfolding: [2, 2] },
    },
  }));
  await mkdir(lab.path("raw"));
  return lab;
}

describe.concurrent("cases that need a table and a configuration", () => {
  it("L01: hash metadata has exactly Python's keys, the folds in its path and the resolved store", async () => {
    await using lab = await createTwoStores();
    await using project = await lab.open();
    const schema = project.schema("lab");
    const Item = schema.manual("Item", "id : int32\n---\ndata : <hash@raw>");
    await Item.insertOne({ id: 1, data: new TextEncoder().encode("hello world") });
    const kysely = await schema.kysely();
    const stored = await kysely.selectFrom("item").select("data").executeTakeFirstOrThrow();
    expect(JSON.parse(String(stored["data"]))).toEqual({
      hash: "l23dxo7ad3xnbe6lek5y6wwnym",
      path: "_hash/lab/l2/3d/l23dxo7ad3xnbe6lek5y6wwnym",
      schema: "lab",
      store: "raw",
      size: 11,
    });
  });

  it("K22: bytes are a valid value of an object attribute, though JSON could not hold them", async () => {
    await using lab = await createTwoStores();
    await using project = await lab.open();
    const Item = project.schema("lab").manual("Item", "id : int32\n---\ndata : <object@>");
    await Item.insertOne({ id: 1, data: new Uint8Array([0, 255]) });
    expect(await (await Item.fetchOne()).data.read()).toEqual(new Uint8Array([0, 255]));
  });

  it("K23: null in a nullable attribute is stored as NULL, and no codec is called", async () => {
    const touchy: Codec<"touchy"> = {
      kind: "codec",
      apiVersion: 1,
      name: "touchy",
      origin: import.meta.url,
      storageType: () => "json",
      accept: () => expect.unreachable("accept was called with null"),
      encode: () => expect.unreachable("encode was called with null"),
      decode: () => expect.unreachable("decode was called with null"),
      references: () => [],
    };
    await using lab = await createTwoStores();
    await using project = await openProject({ directory: lab.folder, plugins: [...plugins, touchy] });
    const Item = project
      .schema("lab")
      .manual("Item", "id : int32\n---\ndata = null : <touchy>\nfile = null : <object@>");
    await Item.insert([{ id: 1, data: null, file: null }, { id: 2 }]);
    expect(await Item.orderBy("id").fetch()).toEqual([
      { id: 1, data: null, file: null },
      { id: 2, data: null, file: null },
    ]);
  });

  it("N21: a file path without a store is looked for in filepath_default, and that name is recorded", async () => {
    await using lab = await createTwoStores();
    await writeFile(lab.path("raw", "only-raw.bin"), "12345");
    await using project = await lab.open();
    const Item = project.schema("lab").manual("Item", "id : int32\n---\nfile : <filepath@>");
    await Item.insertOne({ id: 1, file: "only-raw.bin" });
    const ref: ObjectRef = (await Item.fetchOne()).file;
    expect(ref).toMatchObject({ store: "raw", path: "only-raw.bin", size: 5 });
    expect(new TextDecoder().decode(await ref.read())).toBe("12345");
  });

  it("O24: a row whose store is gone can be fetched; reading its object is the error", async () => {
    await using lab = await createTwoStores();
    {
      await using project = await lab.open();
      const Item = project.schema("lab").manual("Item", "id : int32\n---\nfile : <object@raw>");
      await Item.insertOne({ id: 1, file: new Uint8Array(3) });
    }
    await rename(lab.path("raw"), lab.path("moved"));
    await using project = await lab.open();
    const Item = project.schema("lab").manual("Item", "id : int32\n---\nfile : <object@raw>");
    const ref = (await Item.fetchOne()).file;
    expect(ref.size).toBe(3);
    await expect(ref.read()).rejects.toThrow(/raw/);
    await rename(lab.path("moved"), lab.path("raw"));
    expect((await ref.read()).byteLength).toBe(3);
  });
});
