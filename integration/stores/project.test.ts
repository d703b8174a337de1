// The whole product on each cloud's server, from a configuration file to rows and back.
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { parseKey } from "@mortise/core";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { itNeeds } from "../support/machine.ts";
import { type BucketLab, createBucketLab } from "./lab.ts";
import { startAzurite } from "./servers/azurite.ts";
import { dockerEngine } from "./servers/engine.ts";
import { startFakeGcs } from "./servers/fake-gcs.ts";
import { startMinio } from "./servers/minio.ts";
import type { StoreServer } from "./servers/place.ts";
import { startVersitygw } from "./servers/versitygw.ts";

const engine = await dockerEngine();

const definition = `
  subject_id : varchar(16)
  session_id : int32
  ---
  trace = null : <blob@>
  scan         : <object@>
  notes = null : <attach@>
  rig = null   : <filepath@>
` as const;

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** A folder as a lab records it, with a name that an URL has to escape. */
async function writeScan(lab: BucketLab): Promise<string> {
  const folder = lab.path("body scan.zarr");
  await mkdir(`${folder}/0`, { recursive: true });
  await writeFile(`${folder}/.zgroup`, "{}");
  await writeFile(`${folder}/0/1.0 é+&`, "chunk");
  return folder;
}

describe.for([
  ["MinIO", () => startMinio()],
  ["versitygw", startVersitygw],
  ["fake-gcs-server", startFakeGcs],
  ["Azurite", startAzurite],
] as const)("a project whose store is on %s", ([, start]) => {
  let server: StoreServer;
  beforeAll(async () => {
    if (engine.met) server = await start();
  });
  afterAll(async () => {
    if (engine.met) await server[Symbol.asyncDispose]();
  });

  itNeeds(engine, "takes blobs, folders, attachments and files, and gives them back to another process", async () => {
    await using lab = await createBucketLab(await server.createPlace());
    const trace = Float32Array.from({ length: 5_000 }, (_, index) => Math.sin(index));
    await writeFile(lab.path("notes.txt"), "a good day");
    const scan = await writeScan(lab);
    {
      await using project = await lab.open();
      const Session = project.schema("lab").manual("Session", definition);
      const store = await project.store("main");
      await store.put(parseKey("imported/rig 1/camera.json"), new TextEncoder().encode(`{"rate_hz": 60}`));
      const rows = [1, 2].map((session_id) => ({
        subject_id: "042",
        session_id,
        trace,
        scan,
        notes: lab.path("notes.txt"),
        rig: "imported/rig 1/camera.json",
      }));
      const summary = await Session.insert(rows);
      expect(summary).toMatchObject({ inserted: 2, uploaded: 4, deduplicated: 2 });
    }
    await using project = await lab.open();
    const Session = project.schema("lab").manual("Session", definition);
    const row = await Session.where({ session_id: 1 }).fetchOne();
    expect(row.trace).toEqual(trace);
    expect(await readFile(row.notes ?? "", "utf8")).toBe("a good day");
    expect(await row.rig?.read()).toEqual(new TextEncoder().encode(`{"rate_hz": 60}`));
    await row.scan.download(lab.path("back.zarr"));
    expect(await readFile(lab.path("back.zarr/0/1.0 é+&"), "utf8")).toBe("chunk");

    const objects = await lab.objects();
    expect(
      objects.filter((key) => /^managed\/blobs\/lab\/[a-z2-7]{2}\/[a-z2-7]{2}\/[a-z2-7]{26}$/.test(key)),
    ).toHaveLength(2);
    const folders = /^managed\/arrays\/subject_id=042\/lab\/Session\/session_id=[12]\/scan\.[a-z0-9]{12}\.zarr/;
    expect(objects.filter((key) => folders.test(key))).toHaveLength(6);
    expect(objects).toContain("imported/rig 1/camera.json");
    expect(objects).toHaveLength(9);

    expect(await Session.where({ session_id: 1 }).delete()).toBe(1);
    expect(await Session.count()).toBe(1);
    expect((await Session.fetchOne()).trace).toEqual(trace);
  });

  itNeeds(engine, "leaves no row and no object of its own when a transaction is rolled back", async () => {
    await using lab = await createBucketLab(await server.createPlace());
    await using project = await lab.open();
    const Session = project.schema("lab").manual("Session", definition);
    await Session.insertOne({ subject_id: "042", session_id: 1, scan: randomBytes(100) });
    const kept = await lab.objects();
    const scan = await writeScan(lab);
    await expect(
      project.transaction(async () => {
        await Session.insertOne({ subject_id: "042", session_id: 2, scan });
        await Session.insertOne({ subject_id: "042", session_id: 3, scan: randomBytes(100) });
        expect((await lab.objects()).length).toBeGreaterThan(kept.length);
        throw new Error("changed my mind");
      }),
    ).rejects.toThrow("changed my mind");
    expect(await Session.count()).toBe(1);
    expect(await lab.objects()).toEqual(kept);
  });

  itNeeds(engine, "streams an object that is sent in parts", async () => {
    await using lab = await createBucketLab(await server.createPlace());
    await using project = await lab.open();
    const Session = project.schema("lab").manual("Session", definition);
    const recording = randomBytes(40 * 2 ** 20 + 1);
    await writeFile(lab.path("recording.bin"), recording);
    await Session.insertOne({ subject_id: "042", session_id: 1, scan: lab.path("recording.bin") });
    const { scan } = await Session.fetchOne();
    expect(scan.size).toBe(recording.byteLength);
    const hash = createHash("sha256");
    for await (const chunk of await scan.stream()) hash.update(chunk);
    expect(hash.digest("hex")).toBe(sha256(recording));
    const range = { offset: recording.byteLength - 3 };
    expect(await scan.read(undefined, { range })).toEqual(new Uint8Array(recording.subarray(-3)));
  });
});
