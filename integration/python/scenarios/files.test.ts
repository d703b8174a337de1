import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import type { ObjectRef } from "@mortise/codec-object";
import { expect } from "vitest";
import { py } from "../client/values.ts";
import type { SharedLab } from "../environment/lab.ts";
import { onBothDatabases } from "../environment/scenarios.ts";

const definition = `
  id : int32
  ---
  attached = null : <attach@main>
  video = null   : <object@main>
  folder = null  : <object@raw>
  source = null  : <filepath@main>
  digest = null  : <hash@main>
`;

const declare = `
  schema = dj.Schema(name)
  @schema
  class Files(dj.Manual):
      definition = text
`;

const bytes = Uint8Array.of(0, 255, 10, 13);

/** A file, a folder, and a file that the user has put into the store. */
async function sources({ path }: SharedLab, who: string): Promise<{ file: string; folder: string; own: string }> {
  const file = path(`${who} notes.tar.gz`);
  await writeFile(file, `notes of ${who}`);
  const folder = path(`${who}.zarr`);
  await mkdir(path(`${who}.zarr`, "0"), { recursive: true });
  await writeFile(path(`${who}.zarr`, ".zarray"), "{}");
  await writeFile(path(`${who}.zarr`, "0", "chunk"), `chunk of ${who}`);
  await mkdir(path("main", "mine"), { recursive: true });
  await writeFile(path("main", "mine", `${who}.bin`), `own file of ${who}`);
  return { file, folder, own: `mine/${who}.bin` };
}

async function insertInMortise(lab: SharedLab, schema: string, id: number): Promise<void> {
  const { file, folder, own } = await sources(lab, "mortise");
  const Files = await lab.project.schema(schema).table("Files");
  await Files.insert([
    { id, attached: file, video: file, folder, source: own, digest: bytes },
    { id: id + 1, video: bytes },
    { id: id + 2 },
  ]);
}

async function insertInPython(lab: SharedLab, schema: string, id: number): Promise<void> {
  const { file, folder, own } = await sources(lab, "python");
  await lab.python.run(
    `
    Files = spawn(name).Files
    Files.insert([
        dict(id=first, attached=file, video=file, folder=folder, source=own, digest=data),
        {**nothing, "id": first + 1, "video": data},
        {**nothing, "id": first + 2},
    ])
    `,
    {
      name: schema,
      first: id,
      file,
      folder,
      own,
      data: py.bytes(bytes),
      nothing: { attached: null, video: null, folder: null, source: null, digest: null },
    },
  );
}

const text = async (ref: ObjectRef, part?: string): Promise<string> => new TextDecoder().decode(await ref.read(part));

async function readInMortise(lab: SharedLab, schema: string, id: number, who: string): Promise<void> {
  const Files = await lab.project.schema(schema).table("Files");
  const row = (await Files.where({ id }).fetchOne()) as Record<string, unknown>;
  const file = row["attached"] as string;
  expect(basename(file)).toBe(`${who} notes.tar.gz`);
  expect(await readFile(file, "utf8")).toBe(`notes of ${who}`);
  const [video, folder, source] = [row["video"], row["folder"], row["source"]] as ObjectRef[];
  expect(await text(video as ObjectRef)).toBe(`notes of ${who}`);
  expect({ ext: video?.ext, size: video?.size, isDir: video?.isDir }).toEqual({
    ext: ".gz",
    size: 9 + who.length,
    isDir: false,
  });
  await video?.verify();
  expect(await text(folder as ObjectRef, "0/chunk")).toBe(`chunk of ${who}`);
  expect({ isDir: folder?.isDir, items: folder?.itemCount }).toEqual({ isDir: true, items: 2 });
  await folder?.verify();
  expect(await text(source as ObjectRef)).toBe(`own file of ${who}`);
  expect(source?.path).toBe(`mine/${who}.bin`);
  expect(row["digest"]).toEqual(bytes);

  const second = (await Files.where({ id: id + 1 }).fetchOne()) as Record<string, unknown>;
  expect(await (second["video"] as ObjectRef).read()).toEqual(bytes);
  expect(await Files.where({ id: id + 2 }).fetchOne()).toEqual({
    id: id + 2,
    attached: null,
    video: null,
    folder: null,
    source: null,
    digest: null,
  });
}

async function readInPython(lab: SharedLab, schema: string, id: number, who: string): Promise<void> {
  const read = await lab.python.run(
    `
    Files = spawn(name).Files
    row = (Files & dict(id=first)).fetch1()
    second = (Files & dict(id=first + 1)).fetch1()
    third = (Files & dict(id=first + 2)).fetch1()
    [
        [Path(row["attached"]).name, Path(row["attached"]).read_text()],
        [row["video"].read(), row["video"].ext, row["video"].size, row["video"].is_dir, row["video"].verify()],
        [
            sorted(row["folder"].listdir()),
            row["folder"].fsmap["0/chunk"],
            row["folder"].is_dir,
            row["folder"].item_count,
            row["folder"].verify(),
        ],
        [row["source"].read(), row["source"].path, row["source"].is_dir, row["source"].verify()],
        row["digest"],
        second["video"].read(),
        third,
    ]
    `,
    { name: schema, first: id },
  );
  const content = (value: string) => py.bytes(new TextEncoder().encode(value));
  expect(read).toEqual([
    [`${who} notes.tar.gz`, `notes of ${who}`],
    [content(`notes of ${who}`), ".gz", 9 + who.length, false, true],
    [[".zarray", "0"], content(`chunk of ${who}`), true, 2, true],
    [content(`own file of ${who}`), `mine/${who}.bin`, false, true],
    py.bytes(bytes),
    py.bytes(bytes),
    { id: id + 2, attached: null, video: null, folder: null, source: null, digest: null },
  ]);
}

onBothDatabases("files", ({ backend, scenario }) => {
  scenario("attachments, objects, folders, references and hashes: each reads what either wrote", async (lab) => {
    const name = lab.name("files");
    await lab.python.run(declare, { name, text: definition });
    await insertInMortise(lab, name, 0);
    await insertInPython(lab, name, 10);
    await readInMortise(lab, name, 0, "mortise");
    await readInMortise(lab, name, 10, "python");
    await readInPython(lab, name, 0, "mortise");
    await readInPython(lab, name, 10, "python");
  });

  scenario("equal attachments and bytes are stored once, and stay when one side deletes its rows", async (lab) => {
    const name = lab.name("once");
    await lab.python.run(declare, { name, text: definition });
    const { file } = await sources(lab, "both");
    const Files = await lab.project.schema(name).table("Files");
    await lab.python.run("Files.insert1(dict(id=1, attached=file, digest=data, **none))", {
      file,
      data: py.bytes(bytes),
      none: { video: null, folder: null, source: null },
    });
    const stored = await lab.objects(`_hash/${name}`);
    expect(stored).toHaveLength(2);
    expect(await Files.insertOne({ id: 2, attached: file, digest: bytes })).toMatchObject({ deduplicated: 2 });
    expect(await lab.objects(`_hash/${name}`)).toEqual(stored);

    await lab.python.run("(Files & dict(id=1)).delete(prompt=False)");
    expect(await lab.objects(`_hash/${name}`)).toEqual(stored);
    expect(await Files.fetchOne()).toMatchObject({ id: 2, digest: bytes });
    await lab.python.run("Files.insert1(dict(id=3, attached=file, digest=data, **none))");
    await Files.where({ id: 2 }).delete();
    expect(await lab.objects(`_hash/${name}`)).toEqual(stored);
    expect(await lab.python.run("(Files & dict(id=3)).fetch1('digest')")).toEqual(py.bytes(bytes));
  });

  scenario("Python's collector takes nothing that a row of Mortise refers to", async (lab) => {
    const name = lab.name("collected");
    const schema = lab.project.schema(name);
    const T = schema.manual("T", "id : int32\n---\nvalue : <blob@main>\nfolder : <object@main>");
    const { folder } = await sources(lab, "kept");
    await T.insert([1, 2].map((id) => ({ id, value: "the same", folder })));
    const before = await lab.objects();
    const collect = `
      done = dj.gc.GarbageCollector(dj.Schema(name), store="main").collect(dry_run=False)
      [done["errors"], done["hash_paths_deleted"], done["schema_paths_deleted"]]
    `;
    expect(await lab.python.run(collect, { name })).toEqual([0, 0, 0]);
    expect(await lab.objects()).toEqual(before);

    await T.where({ id: 1 }).delete();
    // Two files and their manifest.
    expect(await lab.python.run(collect, { name })).toEqual([0, 0, 3]);
    const row = await T.fetchOne();
    expect(row.value).toBe("the same");
    await row.folder.verify();
    expect(await text(row.folder, "0/chunk")).toBe("chunk of kept");
  });

  const reading =
    backend === "mysql" ? "each reads what either wrote" : "Mortise reads what either wrote, Python can't";
  scenario(`attachments in the table: ${reading}`, async (lab) => {
    const { python, project } = lab;
    const schema = project.schema(lab.name("inline"));
    const T = schema.manual("T", "id : int32\n---\nnote : <attach>");
    const [ours, theirs] = [(await sources(lab, "mortise")).file, (await sources(lab, "python")).file];
    await T.insertOne({ id: 1, note: ours });
    await python.run("T = spawn(name).T; T.insert1(dict(id=2, note=theirs))", { name: schema.name, theirs });
    const fetched = await T.orderBy("id").fetch();
    expect(fetched.map(({ note }) => basename(note))).toEqual([ours, theirs].map((path) => basename(path)));
    expect(await readFile(fetched[1]?.note ?? "", "utf8")).toBe("notes of python");
    if (backend === "mysql") {
      expect(await python.run("[Path(row['note']).read_text() for row in rows(T)]")).toEqual([
        "notes of mortise",
        "notes of python",
      ]);
    } else {
      // PostgreSQL's driver delivers a memory view, which the codec can't search; not even for what Python wrote.
      expect((await python.fails("(T & 'id = 2').fetch1('note')")).message).toContain("memoryview");
    }
  });

  scenario(
    "an object of Mortise that the default store holds: Python reads it, and can't insert another",
    async (lab) => {
      const name = lab.name("byname");
      const schema = lab.project.schema(name);
      const Plain = schema.manual("Plain", "id : int32\n---\nvalue : <blob@>");
      await Plain.insertOne({ id: 1, value: { a: [1, 2] } });
      expect(await lab.python.run("Plain = spawn(name).Plain; rows(Plain)", { name })).toEqual([
        { id: 1, value: { a: [1, 2] } },
      ]);
      // Python looks the empty name of the column's store up as it is: tables for both languages name their stores.
      const refusal = await lab.python.fails("Plain.insert1(dict(id=2, value=1))");
      expect(refusal.message).toContain("Storage '' is requested");
      expect(await Plain.count()).toBe(1);
    },
  );
});
